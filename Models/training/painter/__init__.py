"""Offline painter: turns a photograph into flat colour and line coverage, pixel for pixel in place."""
from .paint import LINE_TINT, compose, paint

__all__ = ["LINE_TINT", "compose", "paint"]
