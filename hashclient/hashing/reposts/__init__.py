"""Hash the re-posts of a picture that are likely, beside the picture itself.

`coverage` hashes them, `recipe` names them, `levels` says which are hashed at which level of coverage, and
`block_means` and `rotation` compute them without making them.
"""
