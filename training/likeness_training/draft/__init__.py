"""The photo draft's training: portraits prepared, how faces move, pairs, the finisher, the bundle."""
