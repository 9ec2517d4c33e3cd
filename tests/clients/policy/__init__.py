"""Rules for checkov."""

import pathlib

__all__ = [path.stem for path in pathlib.Path(__file__).parent.glob("[!_]*.py")]
