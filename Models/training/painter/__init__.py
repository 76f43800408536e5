"""Offline painter: turns a photograph into flat colour and line coverage, pixel for pixel in place."""
from .analysis import analyse
from .look import LOOKS, Look
from .paint import Painting, compose, paint

__all__ = ["LOOKS", "Look", "Painting", "analyse", "compose", "paint"]
