"""Networks that learn tables: what is read, trained, saved and used for predictions."""

from .dataset import Dataset
from .model import Model, ModelError
from .tables import Table, TableError, digits, iris, make_table, read_table
from .trainer import Interrupted, Result, Settings, Step, Trainer, TrainingError, fit

__all__ = [
    "Dataset",
    "Interrupted",
    "Model",
    "ModelError",
    "Result",
    "Settings",
    "Step",
    "Table",
    "TableError",
    "Trainer",
    "TrainingError",
    "digits",
    "fit",
    "iris",
    "make_table",
    "read_table",
]
