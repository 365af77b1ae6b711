"""Take away from a process what decoding a picture does not need: files, network, other processes.

`confine` is what a worker calls; `landlock` and `seccomp` hold one mechanism of Linux each, over `libc`.
"""
