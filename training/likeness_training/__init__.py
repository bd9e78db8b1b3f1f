"""Training of Likeness bundles: IDAdapter (arXiv 2403.13535) at two sizes."""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
"""onnxruntime reports to its maker unless this is set before it is imported (decision 026); every module of the package
comes after this line."""
