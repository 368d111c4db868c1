"""The order of the packages is said three times, for people, for import-linter and by the folders: all say the same."""

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "layers" / "kept" / "kept"
GROUND = re.compile(r"\s*:\s*")


def test_the_contract_has_every_package_and_every_module_of_the_ground() -> None:
    *packages, ground = _layers()
    assert sorted(packages) == sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
    assert set(GROUND.split(ground)) == {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}


def test_the_readme_lists_the_packages_in_the_order_in_which_they_stand_on_each_other() -> None:
    """From the ground up, with what each is about."""
    *packages, ground = _layers()
    table = re.search(r"^## The order of the packages\n(.*?)^## ", (ROOT / "README.md").read_text(), re.S | re.M)
    assert table
    first, *rest = re.findall(r"^\| (`.*?) \|", table.group(1), re.M)
    assert set(re.findall(r"`(\w+)`", first)) == set(GROUND.split(ground))
    assert [name for cell in rest for name in re.findall(r"`(\w+)`", cell)] == packages[::-1]


def test_no_two_classes_share_a_name() -> None:
    """Unless each is used in its own file alone."""
    defined, imported = defaultdict(set), defaultdict(set)
    for path in [*PACKAGE.rglob("*.py"), *(ROOT / "functions").glob("*.py")]:
        tree = ast.parse(path.read_text())
        for name in _classes(tree):
            defined[name].add(path)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("kept"):
                for alias in node.names:
                    imported[alias.name].add(node.module)
    shared = {name: paths for name, paths in defined.items() if len(paths) > 1 and imported[name]}
    assert {name: sorted(str(path.relative_to(ROOT)) for path in paths) for name, paths in shared.items()} == {}


def _classes(tree: ast.Module) -> Iterator[str]:
    return (node.name for node in tree.body if isinstance(node, ast.ClassDef))


def _layers() -> list[str]:
    """From the top down, without the package's own name."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (layers,) = (contract["layers"] for contract in linter["contracts"] if contract["type"] == "layers")
    return [layer.replace("kept.", "") for layer in layers]
