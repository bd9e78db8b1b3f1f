"""From trained parts to a bundle: graphs, their files, the manifest."""
