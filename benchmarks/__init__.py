"""What the program's speed is measured with; see the README of this folder."""
