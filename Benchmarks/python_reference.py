"""The Python way to draw the faces of a photograph: facenet-pytorch's MTCNN, then the face_paint architecture in
PyTorch.

It does what the product does with `--region faces` (and, asked to, `--region both`): find the faces, turn each to the
512×512 pose, draw it, put it back under a soft mask, save the picture.
"""
from __future__ import annotations

from pathlib import Path

import numpy as np

TEMPLATE = np.array([(192.98138, 239.94708), (318.90277, 240.1936), (256.63416, 314.01935),
                     (201.26117, 371.41043), (313.08905, 371.15118)])
"""FFHQ's five landmarks at 512 pixels (Karras et al. 2019)."""


def similarity(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The 2×3 similarity that moves `source` [5, 2] closest to `target` in the least-squares sense."""
    p, q = (points[:, 0] + 1j * points[:, 1] for points in (source, target))
    a = np.vdot(p - p.mean(), q - q.mean()) / np.vdot(p - p.mean(), p - p.mean()).real
    t = q.mean() - a * p.mean()
    return np.array([[a.real, -a.imag, t.real], [a.imag, a.real, t.imag]])


class Reference:
    """Loads both networks once; `draw` does one file."""

    def __init__(self, threads: int) -> None:
        import torch
        from face_paint import torch_model
        from facenet_pytorch import MTCNN
        torch.set_num_threads(threads)
        self.torch = torch
        self.detector = MTCNN(keep_all=True, device="cpu")
        self.generator = torch_model()
        y, x = np.mgrid[0:512, 0:512].astype(np.float32)
        distance = np.hypot((x - 256) / 190, (y - 270) / 220)
        self.mask = np.clip((1.2 - distance) / 0.3, 0, 1)[..., None]

    def paint(self, picture: np.ndarray) -> np.ndarray:
        """A drawing of `picture` [height, width, RGB], bytes in, floats of 0…255 out."""
        tensor = self.torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 127.5 - 1
        with self.torch.inference_mode():
            drawn = self.generator(tensor)[0]
        return ((drawn.clamp(-1, 1) + 1) * 127.5).permute(1, 2, 0).numpy()

    def draw(self, source: Path, target: Path, whole: bool) -> int:
        """Draws one file and returns how many faces it had."""
        import cv2
        from PIL import Image
        image = Image.open(source).convert("RGB")
        photo = np.array(image)
        _, _, landmarks = self.detector.detect(image, landmarks=True)
        result = self.paint(photo) if whole else photo.astype(np.float32)
        size = (photo.shape[1], photo.shape[0])
        faces = [] if landmarks is None else landmarks
        for points in faces:
            matrix = similarity(np.asarray(points, np.float64), TEMPLATE)
            square = cv2.warpAffine(photo, matrix, (512, 512), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT)
            inverse = cv2.WARP_INVERSE_MAP | cv2.INTER_LINEAR
            drawn = cv2.warpAffine(self.paint(square), matrix, size, flags=inverse)
            mask = cv2.warpAffine(self.mask, matrix, size, flags=inverse)[..., None]
            result = result * (1 - mask) + drawn * mask
        Image.fromarray(np.clip(result + 0.5, 0, 255).astype(np.uint8)).save(target, quality=92)
        return len(faces)
