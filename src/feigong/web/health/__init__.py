"""Whether this installation is there and ready: asked by machines; and, for who runs it, what is wrong with it."""
