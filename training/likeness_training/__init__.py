"""Training of Likeness bundles: IDAdapter (arXiv 2403.13535) at two sizes."""
