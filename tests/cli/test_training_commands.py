"""The commands train and predict: what they leave, what they print, and what they say about mistakes."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

import autograd
from autograd.cli import main
from autograd.training import Result, Settings, Step, Trainer

Capture = pytest.CaptureFixture[str]
QUICK = ["--steps", "6", "--hidden", "2"]
PICTURES = {"loss.png", "gradients.png", "boundary.png", "network.svg", "network.png"}
SAVED = "in iris-run: model.json, loss.png, gradients.png, boundary.png, network.svg, network.png\n"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, content: str | bytes) -> str:
    Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
    return name


def names(folder: str) -> set[str]:
    return {path.name for path in Path(folder).iterdir()}


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(text.splitlines()))


KINDS = "size;weight;kind\n" + "".join(f"{i}.5;{i * i};{'big' if i > 5 else 'small'}\n" for i in range(12))


# train


def test_train_without_arguments_learns_iris(capsys: Capture) -> None:
    assert main(["train", *QUICK]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("iris.csv: 150 rows\nspecies (3 classes) from sepal_length, sepal_width, ")
    assert "accuracy" in out
    assert "confusion matrix of the test rows:" in out
    assert out.endswith(SAVED)
    assert [line.split("  ")[0] for line in err.splitlines()] == [f"step {k} of 6" for k in range(1, 7)]
    assert names("iris-run") == {"model.json", *PICTURES}


def test_iris_is_the_name_of_the_shipped_data_unless_there_is_such_a_file(capsys: Capture) -> None:
    assert main(["train", "iris", *QUICK, "--out", "a"]) == 0
    assert "iris.csv: 150 rows" in capsys.readouterr().out
    write("iris", KINDS)
    assert main(["train", "iris", *QUICK, "--out", "b"]) == 0
    assert "iris: 12 rows" in capsys.readouterr().out


def test_digits_have_defaults_of_their_own_that_options_go_before(capsys: Capture) -> None:
    few = ["--features", "pixel_3_4,pixel_4_4", "--steps", "2"]
    seen: list[Settings] = []

    def keep(result: Result, lang: str) -> str:
        seen.append(result.settings)
        return ""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograd.cli.report.opening", keep)
        assert main(["train", "digits", *few, "--out", "a"]) == 0
        assert main(["train", "digits", *few, "--hidden", "none", "--lr", "0.5", "--out", "b"]) == 0
        write("digits", KINDS)  # a file of that name goes before the shipped data
        assert main(["train", "digits", "--steps", "2", "--out", "c"]) == 0
    assert (seen[0].hidden, seen[0].lr, seen[0].batch) == ((32,), 0.02, 32)
    assert (seen[1].hidden, seen[1].lr, seen[1].batch) == ((), 0.5, 32)
    assert (seen[2].hidden, seen[2].lr, seen[2].batch) == ((8,), 0.05, 16)
    assert main(["train", "--help"]) == 0
    assert "--hidden 32 --lr 0.02 --batch 32" in capsys.readouterr().out


def test_vowels_are_learnt_with_defaults_of_their_own(capsys: Capture) -> None:
    assert main(["train", "vowels", "--features", "band_330,band_2383", "--steps", "2"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(
        "vowels.csv: 1500 rows\nword (10 classes) from band_330, band_2383\nMLP 2-24-10, tanh"
    )
    assert names("vowels-run") == {"model.json", *PICTURES}
    assert main(["train", "--help"]) == 0
    assert "--hidden 24 --lr 0.02 --batch 32 --steps 600" in capsys.readouterr().out


def test_predict_knows_the_digits_too(capsys: Capture) -> None:
    few = ["--features", "pixel_3_4,pixel_4_4", "--steps", "2"]
    assert main(["train", "digits", *few, "-q"]) == 0
    assert main(["predict", "digits-run/model.json", "digits"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1798


@pytest.mark.slow
def test_digits_are_learnt_and_drawn(capsys: Capture) -> None:
    assert main(["train", "digits"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("digits.csv: 1797 rows\ndigit (10 classes) from 64 columns, pixel_0_0, ")
    (accuracy,) = (line.split()[2] for line in out.splitlines() if line.startswith("  accuracy"))
    assert float(accuracy) >= 0.95
    assert names("digits-run") == {"model.json", "mistakes.png", *PICTURES} - {"boundary.png"}


@pytest.mark.slow
def test_vowels_are_learnt_and_drawn(capsys: Capture) -> None:
    assert main(["train", "vowels"]) == 0
    (accuracy,) = (line.split()[2] for line in capsys.readouterr().out.splitlines() if "accuracy" in line)
    assert float(accuracy) >= 0.95
    assert names("vowels-run") == {"model.json", *PICTURES}


def test_two_features_give_a_picture_of_the_plane(capsys: Capture) -> None:
    assert main(["train", write("kinds.csv", KINDS), *QUICK]) == 0
    assert names("kinds-run") == {"model.json", *PICTURES}
    assert "kind (2 classes) from size, weight" in capsys.readouterr().out


def test_a_regression_reports_r2_and_rmse(capsys: Capture) -> None:
    data = write("line.csv", "x,y\n" + "".join(f"{i},{3 * i - 5.5}\n" for i in range(20)))
    assert main(["train", data, "--hidden", "none", "--steps", "300", "--l2", "0", "--lr", "0.1"]) == 0
    out, err = capsys.readouterr()
    table = {line.split()[0]: line.split()[1:] for line in out.splitlines() if line.startswith("  ")}
    assert table["rows"] == ["16", "4"]
    assert table["R2"] == ["1.0000", "1.0000"]
    assert float(table["RMSE"][1]) < 0.01
    assert "confusion" not in out
    assert "RMSE" in err


def test_target_features_and_task_are_chosen_by_option(capsys: Capture) -> None:
    data = write("t.tsv", "1\t2.5\t0\n" * 3 + "2\t3.5\t1\n" * 3 + "4\t5.5\t0\n" * 3)
    options = ["--target", "3", "--features", "1,column2", "--task", "regression", "--no-header"]
    assert main(["train", data, *options, *QUICK, "--optimizer", "sgd", "--activation", "relu"]) == 0
    out = capsys.readouterr().out
    assert "column3 (numbers) from column1, column2\nMLP 2-2-1, relu, 9 parameters, sgd; " in out


def test_features_may_have_commas_in_quotes(capsys: Capture) -> None:
    data = write("t.csv", 'x,"a, b",kind\n' + "1,2,p\n3,1,q\n" * 4)
    assert main(["train", data, "--features", '"a, b"', *QUICK]) == 0
    assert "kind (2 classes) from a, b\n" in capsys.readouterr().out


def test_the_same_seed_leaves_identical_files() -> None:
    for folder, seed in (("a", "3"), ("b", "3"), ("c", "4")):
        assert main(["train", *QUICK, "--seed", seed, "--out", folder, "--quiet"]) == 0
    for name in {"model.json", *PICTURES}:
        assert (Path("a") / name).read_bytes() == (Path("b") / name).read_bytes(), name
    assert (Path("a") / "model.json").read_bytes() != (Path("c") / "model.json").read_bytes()


def test_quiet_says_nothing(capsys: Capture) -> None:
    assert main(["train", "-q", *QUICK]) == 0
    assert capsys.readouterr() == ("", "")


def package_alone() -> None:
    """Make a folder `lib` that has the package, and its library where it is compiled, and nothing else."""
    Path("lib").mkdir()
    package = Path(autograd.__file__).parent
    for path in (package, *package.parent.glob("scalar_autograd__mypyc*")):
        Path("lib", path.name).symlink_to(path)


def test_a_bare_python_trains_and_says_which_pictures_are_missing() -> None:
    package_alone()
    # Without site (-S) there is no installed package: no Matplotlib, no Graphviz, no tqdm.
    done = subprocess.run(
        [sys.executable, "-S", "-W", "error", "-m", "autograd", "train", *QUICK],
        env={**os.environ, "PYTHONPATH": "lib", "PATH": os.getcwd()},  # no Graphviz's dot, and no browser
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.endswith("in iris-run: model.json, network.svg\n")
    notes = [line for line in done.stderr.splitlines() if not line.startswith("step")]
    assert len(notes) == 4
    for note, name in zip(notes, ("loss.png", "gradients.png", "boundary.png"), strict=False):
        needed = 'it needs Matplotlib: pip install "scalar-autograd[plot]"'
        assert note.startswith(f"autograd: left out {name}: {needed}")
    assert notes[3].startswith("autograd: left out network.png: a PNG needs Matplotlib, a browser or")
    assert 'pip install "scalar-autograd[draw]"' in notes[3]
    assert names("iris-run") == {"model.json", "network.svg"}


@pytest.mark.parametrize("engine", ["numpy", "llvm"])
def test_an_engine_without_its_packages_is_refused_before_anything_is_made(engine: str) -> None:
    package_alone()
    done = subprocess.run(
        [sys.executable, "-S", "-W", "error", "-m", "autograd", "train", "--engine", engine],
        env={**os.environ, "PYTHONPATH": "lib"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"autograd: error: the engine {engine!r} needs NumPy")
    assert done.stderr.endswith('pip install "scalar-autograd[fast]", or in a clone pip install ".[fast]"\n')
    assert names(".") == {"lib"}


def test_an_interrupt_saves_what_was_learnt_so_far() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "autograd", "train", "--steps", "3000", "--batch", "4"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background has told its children to ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stderr is not None
    assert process.stderr.readline().startswith("step  300 of 3000")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "of 3000 steps; saving what was learnt so far" in err
    assert "confusion matrix" in out
    assert out.endswith(SAVED)
    assert names("iris-run") == {"model.json", *PICTURES}
    assert main(["predict", "iris-run/model.json", "iris", "--out", "p.csv"]) == 0


# Films


def frames_of(gif: str) -> int:
    count: int = getattr(Image.open(io.BytesIO(Path(gif).read_bytes())), "n_frames", 1)
    return count


@pytest.mark.parametrize("name", ["film.html", "run/Film.GIF"])
def test_a_film_is_made_of_the_training(capsys: Capture, name: str) -> None:
    assert main(["train", "--features", "3,4", *QUICK, "--out", "run", "--film", name]) == 0
    assert capsys.readouterr().out.endswith(f"network.png\nfilm in {name}\n")
    content = Path(name).read_bytes()
    if name == "film.html":
        assert content.startswith(b"<!DOCTYPE html>")
        assert content.count(b'"t":') == 7  # before the first step, and after each
    else:
        assert frames_of(name) == 7
    assert names("run") == {"model.json", *PICTURES} | ({"Film.GIF"} if name == "run/Film.GIF" else set())


def test_the_same_seed_gives_the_same_film_and_the_same_model_as_without_one() -> None:
    for film in ("a.html", "b.html", "a.gif", "b.gif"):
        assert main(["train", *QUICK, "--out", "filmed", "--film", film, "-q"]) == 0
    assert Path("a.html").read_bytes() == Path("b.html").read_bytes()
    assert Path("a.gif").read_bytes() == Path("b.gif").read_bytes()
    assert main(["train", *QUICK, "--out", "unfilmed", "-q"]) == 0
    assert Path("filmed/model.json").read_bytes() == Path("unfilmed/model.json").read_bytes()


def test_an_interrupted_training_has_a_film_of_what_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    step = Trainer._step

    def interrupted(self: Trainer, number: int, watched: list[int]) -> Step:
        if number == 4:
            raise KeyboardInterrupt
        return step(self, number, watched)

    monkeypatch.setattr(Trainer, "_step", interrupted)
    assert main(["train", *QUICK, "--film", "film.gif", "-q"]) == 130
    assert frames_of("film.gif") == 4  # after 0, 1, 2 and 3 steps
    assert names("iris-run") == {"model.json", *PICTURES}


def test_an_interrupt_before_the_first_step_leaves_no_film(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Trainer, "_step", interrupted)
    assert main(["train", *QUICK, "--film", "film.gif", "-q"]) == 130
    assert not list(Path().iterdir())


def test_chinese_is_spoken_where_a_font_is_found_and_else_that_is_said(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograd.plots.fonts.chinese_font", lambda: None)
    assert main(["train", *QUICK, "--lang", "zh", "--film", "film.html", "-q"]) == 0
    note = "autograd: no font has Chinese characters, so the plots are in English\n"
    assert capsys.readouterr().err == note
    assert "How species is learnt" in Path("film.html").read_text(encoding="utf-8")


# Mistakes


def error_of(capsys: Capture, *argv: str) -> str:
    """Run a command that must fail, leaving nothing behind, and return its one line."""
    before = sorted(Path().rglob("*"))
    assert main(argv) == 2
    err = capsys.readouterr().err
    assert "Traceback" not in err
    lines = [line for line in err.splitlines() if not line.startswith("step")]
    assert len(lines) == 1
    assert sorted(Path().rglob("*")) == before
    return lines[0].removeprefix("autograd: error: ")


GOOD = "x,y,kind\n1,2,a\n2,3,b\n3,5,a\n4,7,b\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "d.csv: the file is empty"),
        ("x,y,kind\n", "d.csv: there is a header, but no row below it"),
        ("x,y,kind\n1,2,a\n", "d.csv: too few rows to learn from: 1"),
        (GOOD + "5,6\n", "d.csv, row 6: 2 cells, but row 1 has 3 cells"),
        (GOOD + "5,six,a\n", "d.csv, row 6, column 'y': 'six' is not a number"),
        (GOOD + "5,,a\n", "d.csv, row 6, column 'y': the cell is empty"),
        (GOOD + "5,nan,a\n", "d.csv, row 6, column 'y': 'nan' is not a finite number"),
        (GOOD + "5,inf,a\n", "d.csv, row 6, column 'y': 'inf' is not a finite number"),
        (GOOD + "5,6,nan\n", "d.csv, row 6, column 'kind': 'nan' is no class; is the value missing?"),
        (
            "x,kind\n1,a\n2,a\n3,a\n",
            "d.csv, column 'kind': there is only one class, 'a'; two are needed to tell apart",
        ),
        ("x,x\n1,a\n", "d.csv, row 1, column 'x': columns 1 and 2 have the same name"),
        (
            "kind\na\nb\na\n",
            "d.csv: there is only one column, where a target and a feature are needed; "
            "are the cells separated by commas, semicolons or tabs?",
        ),
        (b"x,kind\n1,\xe4\n", "d.csv, row 2: the byte 0xe4 is not UTF-8 text; save the file as UTF-8"),
        (b"x,kind\n1,\0\n", "d.csv, row 2: there is a NUL byte, so this is not a text file"),
    ],
)
def test_what_is_wrong_with_a_table_is_one_line_with_its_place(
    capsys: Capture, content: str | bytes, message: str
) -> None:
    assert error_of(capsys, "train", write("d.csv", content)) == message


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["missing.csv"], "missing.csv: there is no such file"),
        (["."], ".: a folder, not a file"),
        (["d.csv", "--target", "z"], "d.csv: there is no column 'z'; the columns are 'x', 'y', 'kind'"),
        (["d.csv", "--features", "x,z"], "d.csv: there is no column 'z'; the columns are 'x', 'y', 'kind'"),
        (["d.csv", "--task", "regression"], "d.csv, row 2, column 'kind': 'a' is not a number"),
        (["d.csv", "--out", "d.csv"], "cannot write to the folder d.csv: it is a file, not a folder"),
        (["d.csv", "--out", "d.csv/x"], "cannot write to the folder d.csv/x: not a directory"),
        (
            ["d.csv", "--hidden", "8,x"],
            "argument --hidden: '8,x' is not a list of sizes such as 8,8, nor 'none'",
        ),
        (["d.csv", "--hidden", "0"], "a hidden layer needs at least 1 neuron, not 0"),
        (["d.csv", "--steps", "0"], "steps and batch are at least 1, not 0 and 16"),
        (["d.csv", "--lr", "nan"], "the learning rate is a number greater than 0, not nan"),
        (["d.csv", "--engine", "cuda"], "argument --engine: invalid choice: 'cuda'"),
        (["d.csv", "--activation", "step"], "argument --activation: invalid choice: 'step'"),
        (["d.csv", "--optimizer", "sgd", "--lr", "1e300", "--out", "a/b"], "training diverged at step "),
        (
            ["d.csv", "--film", "film.mp4"],
            "cannot make a film 'film.mp4': the name must end in .html or .gif",
        ),
        (["d.csv", "--film", "no/film.gif"], "cannot write no/film.gif: no such file or directory"),
        (["d.csv", "--film", "d.csv/film.gif"], "cannot write d.csv/film.gif: not a directory"),
        (["d.csv", "--film", "x.gif", "--lr", "1e300", "--optimizer", "sgd"], "training diverged at step "),
        (["d.csv", "--lang", "fr"], "argument --lang: invalid choice: 'fr'"),
    ],
)
def test_options_that_make_no_sense_are_refused_and_leave_nothing(
    capsys: Capture, options: list[str], message: str
) -> None:
    write("d.csv", GOOD)
    assert error_of(capsys, "train", *options).startswith(message)


def test_a_folder_that_cannot_be_written_is_refused_before_training(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "mkdir", refuse)  # root, who may run the tests, may write anywhere
    monkeypatch.setattr(Trainer, "run", lambda *_: pytest.fail("it was trained before"))
    assert main(["train", "--out", "a/b"]) == 2
    message = "autograd: error: cannot write to the folder a/b: permission denied\n"
    assert capsys.readouterr() == ("", message)


def test_a_film_that_cannot_be_made_is_refused_before_training(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Trainer, "run", lambda *_: pytest.fail("it was trained before"))
    Path("folder.html").mkdir()
    message = error_of(capsys, "train", "--out", "a/b", "--film", "folder.html")
    assert message == "cannot write folder.html: is a directory"
    monkeypatch.setitem(sys.modules, "matplotlib.backends.backend_agg", None)
    message = error_of(capsys, "train", "--out", "a/b", "--film", "film.html")
    assert message.startswith('cannot make a film: it needs Matplotlib: pip install "scalar-autograd[plot]"')


# predict


def test_predict_gives_a_class_and_probabilities_for_every_row(capsys: Capture) -> None:
    assert main(["train", "--steps", "100", "-q"]) == 0
    assert main(["predict", "iris-run/model.json", "iris"]) == 0
    header, *rows = rows_of(capsys.readouterr().out)
    assert header == ["species", *[f"probability_{name}" for name in ("setosa", "versicolor", "virginica")]]
    assert len(rows) == 150
    right = sum(row[0] == ("setosa", "versicolor", "virginica")[i // 50] for i, row in enumerate(rows))
    assert right >= 140
    for row in rows:
        probabilities = [float(p) for p in row[1:]]
        assert sum(probabilities) == pytest.approx(1)
        assert header[1:][probabilities.index(max(probabilities))] == f"probability_{row[0]}"


def test_predict_needs_the_features_only_in_any_order_and_writes_a_file(capsys: Capture) -> None:
    assert main(["train", write("kinds.csv", KINDS), *QUICK, "-q"]) == 0
    assert main(["predict", "kinds-run/model.json", "kinds.csv"]) == 0
    expected = capsys.readouterr().out
    swapped = "weight,note,size\n" + "".join(f"{i * i},text,{i}.5\n" for i in range(12))
    assert main(["predict", "kinds-run/model.json", write("new.csv", swapped), "--out", "p.csv"]) == 0
    assert capsys.readouterr().out == "12 predictions written to p.csv\n"
    assert Path("p.csv").read_text() == expected


def test_predict_gives_numbers_for_a_regression(capsys: Capture) -> None:
    data = write("line.csv", "x,y\n" + "".join(f"{i},{2 * i}.5\n" for i in range(20)))
    assert main(["train", data, "--hidden", "none", "--l2", "0", "--lr", "0.1", "-q"]) == 0
    assert main(["predict", "line-run/model.json", write("new.csv", "x\n100\n-7\n")]) == 0
    header, *rows = rows_of(capsys.readouterr().out)
    assert header == ["y"]
    assert [float(row[0]) for row in rows] == pytest.approx([200.5, -13.5], abs=0.05)


def test_a_model_of_a_table_without_header_predicts_by_place(capsys: Capture) -> None:
    data = write("t.csv", "1,2,a\n2,1,b\n" * 5)
    assert main(["train", data, *QUICK, "-q"]) == 0
    assert main(["predict", "t-run/model.json", write("new.csv", "1,2\n")]) == 0
    assert rows_of(capsys.readouterr().out)[0] == ["column3", "probability_a", "probability_b"]


def test_a_header_of_numbers_is_known_from_the_model(capsys: Capture) -> None:
    data = write("years.csv", "2023,2024,kind\n1,2,a\n2,1,b\n1,3,a\n2,0,b\n")
    assert main(["train", data, "--header", *QUICK, "-q"]) == 0
    assert main(["predict", "years-run/model.json", write("new.csv", "2024,2023\n2,1\n")]) == 0
    assert len(rows_of(capsys.readouterr().out)) == 2


def test_what_is_wrong_with_a_model_or_its_table_is_one_line(capsys: Capture) -> None:
    assert main(["train", *QUICK, "-q"]) == 0
    model = "iris-run/model.json"
    text = Path(model).read_text()
    write("half.json", text[: len(text) // 2])
    nan = json.loads(text)
    nan["network"]["parameters"]["layers[0].neurons[0].b"] = float("nan")
    write("nan.json", json.dumps(nan))
    write("d.csv", GOOD)
    write("hole.csv", "sepal_length,sepal_width,petal_length,petal_width\n1,2,3,4\n1,,3,4\n")
    write("empty.csv", "sepal_length,sepal_width,petal_length,petal_width\n")
    cases = [
        (["missing.json", "iris"], "missing.json: there is no such file"),
        (["d.csv", "iris"], "d.csv: not a model, or a damaged one: it is no JSON"),
        (["half.json", "iris"], "half.json: not a model, or a damaged one: it is no JSON"),
        (["nan.json", "iris"], "nan.json: "),
        ([model, "missing.csv"], "missing.csv: there is no such file"),
        ([model, "d.csv"], "d.csv: there is no column 'sepal_length'; the columns are 'x', 'y', 'kind'"),
        ([model, "hole.csv"], "hole.csv, row 3, column 'sepal_width': the cell is empty"),
        ([model, "empty.csv"], "empty.csv: there is a header, but no row below it"),
        ([model, "iris", "--out", "no/p.csv"], "cannot write no/p.csv: no such file or directory"),
        ([model, "iris", "--out", "iris-run"], "cannot write iris-run: is a directory"),
        ([model], "the following arguments are required: DATA.csv"),
    ]
    for argv, message in cases:
        assert error_of(capsys, "predict", *argv).startswith(message), argv


@pytest.mark.parametrize("command", ["train", "predict"])
def test_help_explains_the_command_and_shows_examples(capsys: Capture, command: str) -> None:
    assert main([command, "--help"]) == 0
    out = capsys.readouterr().out
    assert f"autograd {command} " in out
    assert "example" in out
    assert max(map(len, out.splitlines())) <= 81
