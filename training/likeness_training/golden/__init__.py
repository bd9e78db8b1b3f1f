"""What PyTorch and diffusers compute, for the tests of the other side."""
