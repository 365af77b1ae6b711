"""JPEG: its segments, whether all of it is there, and its pixels.

`segments` cuts a file up, `complete` tells whether every scan is there and leaves out what pixels do not need, `huffman`
checks data that no strict decoder takes, and `decode` gives pixels.
"""
