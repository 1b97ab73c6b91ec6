"""The console's modules joined into one script: node runs it, and what cannot be joined is refused."""

import json
import shutil
import subprocess

import pytest

from pages.components.console.script import FOLDER, joined_script, modules_of


@pytest.fixture
def node():
    path = shutil.which("node")
    if path is None:
        pytest.fail("Node.js must be installed for the console's tests (Debian: apt-get install nodejs)")
    return path


def write(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder / "main.js"


def test_joined_modules_keep_their_names_apart_and_their_order(tmp_path, node):
    entry = write(
        tmp_path,
        first="/** Not code: import me */\nexport const unit = 2;\nconst own = 1;\n"
        "export function give() {\n  return own;\n}\n",
        second='import { give, unit } from "./first.js";\n\nconst own = 10;\n\n'
        "export async function more() {\n  return give() + own * unit;\n}\nexport class Kept {}\n",
        main='import { more, Kept } from "./second.js";\nimport { unit } from "./first.js";\n\n'
        "export default function () {\n  return [more(), unit, new Kept() instanceof Kept];\n}\n",
    )
    script = tmp_path / "joined.mjs"
    script.write_text(joined_script(entry), encoding="utf-8")
    program = (
        f"const {{ default: run }} = await import({json.dumps(script.as_uri())});"
        "console.log(JSON.stringify(await Promise.all(run())));"
    )
    done = subprocess.run(
        [node, "--input-type=module", "-e", program], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [21, 2, True]
    assert "Not code" not in joined_script(entry)


@pytest.mark.parametrize(
    "text",
    [
        'import * as all from "./first.js";\nexport default function () {}\n',
        'import first from "./first.js";\nexport default function () {}\n',
        'export { a } from "./first.js";\nexport default function () {}\n',
        "export let a = 1;\nexport default function () {}\n",
    ],
)
def test_other_forms_of_import_and_export_are_refused(tmp_path, text):
    with pytest.raises(ValueError, match=r"main\.js: imports and exports"):
        joined_script(write(tmp_path, first="export const a = 1;\n", main=text))


def test_modules_that_import_each_other_are_refused(tmp_path):
    entry = write(
        tmp_path,
        first='import { b } from "./main.js";\nexport const a = b;\n',
        main='import { a } from "./first.js";\nexport const b = a;\nexport default function () {}\n',
    )
    with pytest.raises(ValueError, match="circle"):
        joined_script(entry)


@pytest.mark.parametrize("entry", ["console.js", "table_source.js"])
def test_the_components_scripts_are_modules_with_a_default_export(entry, node):
    script = joined_script(FOLDER / entry)
    program = (
        f"{script.replace('export default', 'const main =')}\nif (typeof main !== 'function') throw Error();"
    )
    subprocess.run([node, "--input-type=module", "-e", program], capture_output=True, text=True, check=True)


def test_every_module_of_the_console_is_used():
    entries = (FOLDER / "console.js", FOLDER / "table_source.js")
    assert {path for entry in entries for path in modules_of(entry)} == set(FOLDER.rglob("*.js"))
