"""Networks that learn tables: what is read, trained, saved and used for predictions.

`fit` trains a network on a `Table`, which `read_table` reads from a CSV file, and gives a `Result`: the model
and its measures. `iris`, `digits` and `vowels` come with the package, and a list of `first_names`. A `Model`
predicts the rows of other tables and is saved as one JSON file. A `Trainer` is what `fit` makes, for those
who look on while it learns.
"""

from .csv_files import read_table
from .dataset import Dataset
from .minibatches import ENGINES
from .model import Model, ModelError, Prediction, Scaling
from .results import Interrupted, Result, Step
from .settings import OPTIMIZERS, Settings
from .shipped_tables import SHIPPED, digits, first_names, iris, vowels
from .tables import Table, TableError, make_table
from .trainer import Trainer, TrainingError, fit

__all__ = [
    "ENGINES",
    "OPTIMIZERS",
    "SHIPPED",
    "Dataset",
    "Interrupted",
    "Model",
    "ModelError",
    "Prediction",
    "Result",
    "Scaling",
    "Settings",
    "Step",
    "Table",
    "TableError",
    "Trainer",
    "TrainingError",
    "digits",
    "first_names",
    "fit",
    "iris",
    "make_table",
    "read_table",
    "vowels",
]
