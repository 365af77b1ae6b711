"""The pictures of the examples, each drawn from numbers alone by one module."""
