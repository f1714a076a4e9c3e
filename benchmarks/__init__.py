"""Size, quality and speed on fixed instances, against peers. Not part of the installed package."""
