"""The GIMP that the filter is measured in, 2.10 or 3: its programs, its profile, and how calls of the filter are
written for it."""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PROGRAM = "gimp-anime-style"
VERSIONS = ("2.10", "3.0", "3.2")
REGIONS = ("faces", "photo", "both")


@dataclass(frozen=True)
class Host:
    """One GIMP and the plug-in that is built for it."""

    version: str
    plug_in: Path
    takes_options: bool = True
    """Whether the procedures have the last argument, `options`, which came after version 0.4."""

    @property
    def is3(self) -> bool:
        return not self.version.startswith("2.")

    def profile(self, folder: Path) -> dict[str, str]:
        """Environment of a GIMP whose profile holds nothing but the plug-in under test."""
        for name in ("plug-ins", "gradients", "brushes", "tool-presets"):
            (folder / name).mkdir(parents=True)
        (folder / "plug-ins" / PROGRAM).symlink_to(self.plug_in)
        return {**os.environ, "GIMP3_DIRECTORY" if self.is3 else "GIMP2_DIRECTORY": str(folder)}

    def run(self, environment: dict[str, str], script: str = "#t", timeout: int = 600) -> str:
        """Runs Script-Fu without a window; what GIMP printed."""
        script = f"(begin (gimp-message-set-handler CONSOLE) {script})"
        command = [f"gimp-console-{self.version}", "-i", "-d", "-f", *self.batch(script)]
        command += ["--quit"] if self.is3 else ["-b", "(gimp-quit 0)"]
        result = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout)
        return result.stdout + result.stderr

    def window(self, script: str) -> list[str]:
        """The command that runs Script-Fu in a GIMP that can open windows."""
        return [f"gimp-{self.version}", "-n", "-s", "-d", "-f", *self.batch(script)]

    def batch(self, script: str) -> list[str]:
        return [*(["--batch-interpreter=plug-in-script-fu-eval"] if self.is3 else []), "-b", script]

    # Script-Fu, in the dialect in which GIMP 3 answers with lists as 2.10 does; `image` and `layer` are variables
    # there.

    def load(self, picture: Path) -> str:
        names = f'"{picture}"' if self.is3 else f'"{picture}" "{picture}"'
        return f"(car (gimp-file-load RUN-NONINTERACTIVE {names}))"

    @property
    def layer(self) -> str:
        if self.is3:
            return "(vector-ref (car (gimp-image-get-selected-drawables image)) 0)"
        return "(car (gimp-image-get-active-layer image))"

    def save(self, picture: Path) -> str:
        if self.is3:
            return f'(gimp-file-save RUN-NONINTERACTIVE image "{picture}")'
        flat = "(car (gimp-image-flatten image))"
        return f'(gimp-file-save RUN-NONINTERACTIVE image {flat} "{picture}" "{picture}")'

    def draw(self, style: str, region: int) -> str:
        """Full strength, none of the photograph's colours, lines as drawn, automatic smallest face, half precision,
        a new layer, light as it is, skin and hair held as usual."""
        if self.is3:
            return f"(plug-in-anime-style #:image image #:drawables (vector layer) {settings_by_name(style, region)})"
        options = ' ""' if self.takes_options else ""
        return (f'(plug-in-anime-style RUN-NONINTERACTIVE image layer "{style}" 100 {region} 0 100 0 1 0 0 80 70'
                f'{options})')

    def draw_folder(self, photos: Path, drawings: Path, style: str, region: int) -> str:
        """The same settings for every photograph of a folder."""
        if self.is3:
            return (f'(plug-in-anime-style-batch #:pattern "{photos}" #:output-folder "{drawings}" #:format "png"'
                    f" {settings_by_name(style, region)})")
        return (f'(plug-in-anime-style-batch RUN-NONINTERACTIVE "{photos}" "{drawings}" "png" 0'
                f' "{style}" 100 {region} 0 100 0 1 0 80 70 "")')

    def ask(self) -> str:
        """Opens the filter's window."""
        if self.is3:
            return "(plug-in-anime-style #:run-mode RUN-INTERACTIVE #:image image #:drawables (vector layer))"
        return f'(plug-in-anime-style RUN-INTERACTIVE image layer "" {"-1 " * 10}"")'


def settings_by_name(style: str, region: int) -> str:
    return (f'#:style "{style}" #:strength 100 #:region "{REGIONS[region]}" #:keep-colors 0 #:line-strength 100'
            " #:min-face 0 #:half-precision TRUE #:lighting 0 #:skin-constancy 80 #:hair-limit 70")


def find_host(plug_in: str | None) -> Host:
    """The GIMP of the plug-in folder that is given or, without one, the first that install.sh installed into."""
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "GIMP"
    folders = [Path(plug_in)] if plug_in else [settings / version / "plug-ins" / PROGRAM for version in VERSIONS]
    for folder in folders:
        if not os.access(folder / PROGRAM, os.X_OK):
            continue
        for version in VERSIONS:
            if version.startswith("2.") != is_for_gimp3(folder) and shutil.which(f"gimp-console-{version}"):
                return Host(version, folder.resolve())
        sys.exit(f"The GIMP that {folder} is built for is not installed.")
    sys.exit("The plug-in was not found; run ./install.sh first or name its folder with --plug-in.")


def is_for_gimp3(folder: Path) -> bool:
    command = ["objdump", "-p", str(folder / PROGRAM)]
    return "libgimp-3" in subprocess.run(command, capture_output=True, text=True, check=True).stdout
