"""check_translations.py sees each way in which a page and its translation drift apart."""
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts/check_translations.py"


class Translations(unittest.TestCase):
    def setUp(self):
        self.top = Path(tempfile.mkdtemp(prefix="tenon-translations-"))
        self.addCleanup(shutil.rmtree, self.top, True)
        for path in [ROOT / "README.md", ROOT / "README.zh.md", *(ROOT / "docs").rglob("*.md")]:
            copy = self.top / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)

    def check(self):
        done = subprocess.run([sys.executable, str(SCRIPT), str(self.top)], capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stdout

    def test_what_drifts(self):
        self.assertEqual(self.check()[0], 0)
        page = self.top / "docs/tutorials/go-build-hangs.md"
        text = page.read_text()
        for old, new, said in (
                ("## 4. Keep", "### 4. Keep", "of other levels"),
                ("--silence 2 --report", "--silence 3 --report", "code block"),
                ("| TN1107 a program reads", "| TN1107 a program\n| reads", "tables"),
                ("`HTTPS_PROXY`", "HTTPS_PROXY", "`HTTPS_PROXY` is only in the translation"),
                ("](../watch.md)", "](../load.md)", "a link to ../watch.md"),
                ("*Not run by us: needs a Mac.*", "Of a Mac.", "said not to be run"),
                ("```text\ngo version", "```sh\ngo version", "code block")):
            page.write_text(text.replace(old, new, 1))
            code, out = self.check()
            self.assertEqual(code, 1, old)
            self.assertIn(said, out)

    def test_comments_in_code_may_be_translated(self):
        page = self.top / "docs/install.zh.md"
        page.write_text(page.read_text().replace("# 会一并安装 ziglang", "# 带有 ziglang"))
        self.assertEqual(self.check()[0], 0)

    def test_a_page_without_its_other_language(self):
        (self.top / "docs/commands.zh.md").unlink()
        self.assertIn("docs/commands.zh.md does not exist", self.check()[1])
        (self.top / "docs/new.zh.md").write_text("# x\n")
        self.assertIn("docs/new.md does not exist", self.check()[1])


if __name__ == "__main__":
    unittest.main()
