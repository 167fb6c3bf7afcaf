"""Graphs as pictures: cards and arrows, as SVG, PNG, PDF, DOT, Mermaid and text."""

from .drawings import Drawing, DrawingError, draw

__all__ = ["Drawing", "DrawingError", "draw"]
