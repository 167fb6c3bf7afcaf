"""What is raised where no picture can be made."""

from __future__ import annotations

from ..support.installation import how_to_install


class PlotError(RuntimeError):
    """No picture could be made; the message says what to install."""


def require_matplotlib() -> None:
    """Raise a PlotError that says what to install, unless Matplotlib can draw here."""
    try:
        import matplotlib.backends.backend_agg
        import matplotlib.figure  # noqa: F401
    except ImportError as error:
        raise PlotError(f"it needs Matplotlib: {how_to_install('plot')} ({error})") from None
