"""Copies what the front desk's pages use of others into the layer, with licence and digest: `make vendor`.

npm has checked each package against package-lock.json before. Of the icons, those that the
pages name become one module.
"""

import json
import re
from base64 import b64encode
from hashlib import sha384
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PACKAGES = HERE / "node_modules"
DESK = HERE.parents[1] / "layers/kept/kept/pages/desk"
TO = DESK / "vendor"
MODULES = {
    "preact": ("preact", "dist/preact.mjs"),
    "preact/hooks": ("preact", "hooks/dist/hooks.mjs"),
    "htm": ("htm", "dist/htm.mjs"),
    "htm/preact": ("htm", "preact/index.mjs"),
    "@preact/signals": ("@preact/signals", "dist/signals.mjs"),
    "@preact/signals-core": ("@preact/signals-core", "dist/signals-core.mjs"),
}
"""By the name that they are imported by: the package, and the file in it."""
ICONS = "lucide"
DRAWN = {
    "alarm-clock", "archive", "arrow-down", "arrow-up", "bell", "calendar-days", "calendar-plus", "chart-column",
    "chevron-left", "chevron-right", "circle-check", "circle-user-round", "clock", "coffee", "copy", "hourglass",
    "inbox", "list-checks", "mail", "merge", "message-circle", "moon", "phone", "pin", "plus", "rotate-ccw",
    "search", "send", "settings", "tag", "trash", "triangle-alert", "undo", "users", "wifi-off",
    "x",
}  # fmt: skip
"""Those that the pages name."""


def main() -> None:
    TO.mkdir(exist_ok=True)
    manifest = {name: _copied(name, *source) for name, source in MODULES.items()}
    manifest["icons"] = _icons()
    (TO / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def _copied(name: str, package: str, source: str) -> dict[str, str]:
    return _written(_file_of(name), (PACKAGES / package / source).read_bytes(), package)


def _icons() -> dict[str, str]:
    """Each as the nodes of its drawing, by its name."""
    drawings = {name: _drawing(name) for name in sorted(DRAWN)}
    lines = [f"  {json.dumps(name)}: {drawing}," for name, drawing in drawings.items()]
    version = _about(ICONS)["version"]
    shape = "/** @type {Record<string, [string, Record<string, string>][]>} */"
    head = [f"// Of lucide {version}, ISC. Made by `make vendor`.", shape, "const drawings = {"]
    text = "\n".join([*head, *lines, "};", "export default drawings;", ""])
    return _written("icons.js", text.encode(), ICONS)


def _drawing(name: str) -> str:
    source = (PACKAGES / ICONS / "dist/esm/icons" / f"{name}.mjs").read_text(encoding="utf-8")
    found = re.search(r"^const \w+ = (\[.*?\]);$", source, re.DOTALL | re.MULTILINE)
    if found is None:
        raise ValueError(f"lucide has drawn {name} in another way")
    return re.sub(r"\s+", " ", found[1])


def _written(file: str, content: bytes, package: str) -> dict[str, str]:
    (TO / file).write_bytes(content)
    about = _about(package)
    licence = next((PACKAGES / package).glob("LICENSE*"))
    kept = f"LICENSE.{package.replace('@', '').replace('/', '-')}"
    (TO / kept).write_bytes(licence.read_bytes())
    integrity = f"sha384-{b64encode(sha384(content).digest()).decode()}"
    return {
        "file": file,
        "package": package,
        "version": about["version"],
        "licence": about["license"],
        "licence_file": kept,
        "integrity": integrity,
    }


def _about(package: str) -> Any:
    return json.loads((PACKAGES / package / "package.json").read_text(encoding="utf-8"))


def _file_of(name: str) -> str:
    return f"{name.replace('@', '').replace('/', '-')}.js"


if __name__ == "__main__":
    main()
