"""What several tests share."""
from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from crude_faces import POINTS, drawn_face, drawn_mesh  # noqa: E402
from painter import analyse  # noqa: E402


@pytest.fixture(scope="session")
def analysed():
    """The crude face and what the painter sees in it."""
    photo = drawn_face()
    return photo, analyse(photo, POINTS, drawn_mesh())
