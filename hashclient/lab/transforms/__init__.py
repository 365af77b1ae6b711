"""The edits of the lab, each typed and checked: `interface` says what one is, the other files make them."""
