"""Pictures out of their files."""

from __future__ import annotations

import cv2
import numpy as np


def read_image(data: bytes) -> np.ndarray | None:
    """RGB pixels (H, W, 3) uint8 of an encoded picture, or None where it is none."""
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
    return None if image is None else cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
