"""What the photo draft and its finisher learn from: prepared portraits, the head's mean shape, how faces move, pairs."""
