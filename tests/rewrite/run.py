#!/usr/bin/env python3
"""`tenon rewrite` on public sources, judged by javac. The jars are fetched by name and version with Maven.

usage: run.py --tenon PROGRAM [--quick]      (--quick: ZooKeeper alone)

For each jar: every call that javac resolves to Log4j's factories is rewritten, and no other one; every other use of Log4j
that javac finds in the result is listed by tenon; the edits that --json tells are exactly what --apply writes; a second run
finds nothing; --undo restores every byte. The result is compiled without Log4j, with what Maven says the jar depends on: of the
files that do not compile then each one is listed. Exit code 0, 1, or 77 without Java.
"""
import argparse
import collections
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCES = {"zookeeper": "org.apache.zookeeper:zookeeper:3.3.6:jar:sources",
           **{name: f"org.apache.accumulo:{name}:1.6.6:jar:sources"
              for name in ("accumulo-core", "accumulo-master", "accumulo-server-base", "accumulo-tserver")}}
LIBRARIES = {"log4j": "log4j:log4j:1.2.17", "slf4j": "org.slf4j:slf4j-api:1.7.36", "simple": "org.slf4j:slf4j-simple:1.7.36", "jline": "jline:jline:0.9.94"}
FACTORIES = {"Logger.getLogger", "Logger.getRootLogger", "LogManager.getLogger", "LogManager.getRootLogger", "Category.getInstance", "Category.getRoot"}


def jar_of(coordinates):
    group, name, version, *rest = coordinates.split(":")
    file = f"{name}-{version}{'-' + rest[1] if rest else ''}.jar"
    path = Path.home() / ".m2/repository" / group.replace(".", "/") / name / version / file
    if not path.is_file():
        done = subprocess.run(["mvn", "-q", "-B", "dependency:get", "-Dtransitive=false", f"-Dartifact={coordinates}"],
                              capture_output=True, text=True, timeout=600, check=False)
        if not path.is_file():
            print(f"skipped: {coordinates} could not be fetched: {done.stdout[-300:]}")
            sys.exit(77)
    return path


def dependencies(coordinates):
    """The jars that a jar is compiled with, without SLF4J's and Log4j's; empty where Maven cannot get them."""
    group, name, version, *_ = coordinates.split(":")
    pom = f"""<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>x</groupId>
<artifactId>x</artifactId><version>1</version><dependencies><dependency><groupId>{group}</groupId><artifactId>{name}</artifactId>
<version>{version}</version></dependency><dependency><groupId>org.apache.hadoop</groupId><artifactId>hadoop-client</artifactId>
<version>2.2.0</version></dependency></dependencies></project>"""
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "pom.xml").write_text(pom)
        subprocess.run(["mvn", "-q", "-B", "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:build-classpath",
                        "-Dmdep.outputFile=path.txt"], cwd=place, capture_output=True, timeout=1800, check=False)
        found = Path(place) / "path.txt"
        jars = found.read_text().strip().split(":") if found.is_file() else []
    return [jar for jar in jars if not re.match(r"(?:log4j-1|slf4j-)", Path(jar).name)]


def javac_sites(folder, class_path):
    """(file, line) -> methods of Log4j that are called there."""
    with tempfile.NamedTemporaryFile("w", suffix=".lst") as listing:
        listing.write("\n".join(str(p) for p in sorted(folder.rglob("*.java"))))
        listing.flush()
        done = subprocess.run(["java", HERE / "Sites.java", class_path, listing.name], capture_output=True, text=True,
                              timeout=900, check=True)
    found = collections.Counter()
    for line in done.stdout.splitlines():
        path, number, _, method = line.split("\t")
        found[os.path.relpath(path, folder), int(number), method] += 1
    return found


def tenon(program, folder, *words, env):
    done = subprocess.run([program, "rewrite", *words, "--json"], cwd=folder, env=env, capture_output=True, timeout=900,
                          check=False)
    return done.returncode, json.loads(done.stdout)


def judge(program, name, folder, libraries, jars, env):
    problems = []
    others = ":".join(map(str, [libraries["jline"], *jars]))
    class_path = f"{libraries['log4j']}:{others}"
    before = {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    truth = javac_sites(folder, class_path)
    failed_before = compile_with(folder, f"{class_path}:{libraries['slf4j']}") if jars or name == "zookeeper" else None
    code, plan = tenon(program, folder, "--rules", "log4j-slf4j", ".", env=env)
    data = plan["data"]
    files = {one["path"].removeprefix("./"): one for one in data["files"]}
    wanted = collections.Counter({(path, line): count for (path, line, method), count in truth.items() if method in FACTORIES})
    told = collections.Counter((path, site["line"]) for path, one in files.items() for site in one["sites"]
                               if site["rule"] == "log4j/factory")
    problems += [f"not rewritten: {key}" for key in wanted - told] + [f"not Log4j's: {key}" for key in told - wanted]

    code, done = tenon(program, folder, "--rules", "log4j-slf4j", ".", "--apply", env=env)
    if code != 0 or done["data"]["written"] != data["changed"]:
        problems.append(f"--apply: exit code {code}, {done['data'].get('written')} of {data['changed']} written")
    for path, bytes_before in before.items():
        text, at = b"", 0
        for edit in files.get(str(path), {"edits": []})["edits"]:
            text += bytes_before[at:edit["start"]] + edit["text"].encode()
            at = edit["end"]
        if (folder / path).read_bytes() != text + bytes_before[at:]:
            problems.append(f"not what the edits say: {path}")
    left = {(path, row["line"]) for path, one in files.items() for row in one["left"]}
    lines = {path: {row["line"] for row in one["left"]} for path, one in files.items()}
    rest = javac_sites(folder, f"{class_path}:{libraries['slf4j']}")
    # A line moves by the imports that were added: the file has to be listed.
    problems += [f"not listed: {key}" for key in rest if not lines.get(key[0])]
    compiled = None
    if failed_before is not None:
        touched = {path for path, one in files.items() if one["edits"]}
        compiled = compile_with(folder, f"{libraries['slf4j']}:{others}") - failed_before
        problems += [f"does not compile, and is not listed: {path}" for path in compiled if not lines.get(path)]
        if name == "zookeeper" and len(compiled) > 1:
            problems.append(f"{len(compiled)} files do not compile: {sorted(compiled)}")
    code, again = tenon(program, folder, "--rules", "log4j-slf4j", ".", env=env)
    if again["data"]["changed"]:
        problems.append(f"a second run changes {again['data']['changed']} files")
    tenon(program, folder, "--undo", env=env)
    problems += [f"not restored: {path}" for path, old in before.items() if (folder / path).read_bytes() != old]
    print(f"{name}: {data['looked_at']} files, {sum(told.values())} of {sum(wanted.values())} factories, {data['sites']} sites, "
          f"{len(left)} places left in {sum(bool(v) for v in lines.values())} files"
          + (f"; without Log4j {len(compiled & touched)} of {len(touched)} rewritten files do not compile, {len(compiled - touched)} others "
             f"({len(failed_before)} before): {', '.join(sorted(compiled))}" if compiled is not None else ""))
    return problems


def compile_with(folder, class_path):
    """Files with an error."""
    with tempfile.TemporaryDirectory() as place:
        files = sorted(str(p) for p in folder.rglob("*.java"))
        done = subprocess.run(["javac", "--release", "8", "-proc:none", "-nowarn", "-encoding", "ISO-8859-1", "-Xmaxerrs", "1000000", "-sourcepath", "",
                               "-XDshould-stop.ifError=FLOW", "-d", place, "-cp", class_path, *files],
                              capture_output=True, text=True, timeout=900, check=False, env={**os.environ, "LC_ALL": "C"})
    return {os.path.relpath(line.split(":")[0], folder) for line in done.stderr.splitlines() if ": error: " in line}


LOG4J = """log4j.rootLogger=TRACE, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.SimpleLayout
"""
SIMPLE = ["-Dorg.slf4j.simpleLogger." + word for word in ("logFile=System.out", "showThreadName=false", "showLogName=false",
                                                          "defaultLogLevel=trace")]


def behaviour(program, place, libraries, env):
    """What a program prints under Log4j, and after the rewrite under SLF4J; FATAL is ERROR there. The layout is one that
    prints a null message as "null", as SLF4J's implementations do; Log4j's PatternLayout prints nothing for it."""
    folder = place / "driver"
    folder.mkdir()
    shutil.copy(HERE / "Driver.java", folder)
    (place / "log4j.properties").write_text(LOG4J)

    def run(name, class_path, *options):
        out = place / name
        subprocess.run(["javac", "-nowarn", "-d", out, "-cp", class_path, folder / "Driver.java"], check=True, timeout=300,
                       capture_output=True)
        done = subprocess.run(["java", *options, "-cp", f"{out}:{class_path}", "Driver"], check=True, timeout=300, capture_output=True,
                              text=True)
        # Frames hold line numbers, which the imports move.
        return [line.split("(Driver.java:")[0] for line in done.stdout.splitlines()]

    before = run("before", libraries["log4j"], f"-Dlog4j.configuration=file:{place}/log4j.properties")
    code, _ = tenon(program, folder, "--rules", "log4j-slf4j", ".", "--apply", env=env)
    after = run("after", f"{libraries['slf4j']}:{libraries['simple']}", *SIMPLE)
    before = [re.sub(r"^(FATAL|[A-Z]+) - ", lambda m: ("ERROR" if m[1] == "FATAL" else m[1]) + " ", line) for line in before]
    differ = [f"behaviour: '{a}' is '{b}'" for a, b in zip(before, after) if a != b]
    if len(before) != len(after) or code != 0:
        differ.append(f"behaviour: {len(before)} lines, {len(after)} afterwards, exit code {code}")
    print(f"behaviour: {len(before)} lines printed, {len(differ)} differ")
    return differ


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenon", required=True)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    if not all(map(shutil.which, ("java", "javac", "mvn"))):
        print("skipped: no JDK with Maven")
        return 77
    program = Path(options.tenon).resolve()
    libraries = {name: jar_of(one) for name, one in LIBRARIES.items()}
    with tempfile.TemporaryDirectory(prefix="tenon-rewrite-") as place:
        place = Path(place).resolve()
        problems = behaviour(program, place, libraries, {**os.environ, "XDG_STATE_HOME": str(place / "state")})
    for name, coordinates in SOURCES.items():
        if options.quick and name != "zookeeper":
            continue
        with tempfile.TemporaryDirectory(prefix="tenon-rewrite-") as place:
            place = Path(place).resolve()
            folder = place / name
            shutil.unpack_archive(jar_of(coordinates), folder, "zip")
            env = {**os.environ, "XDG_STATE_HOME": str(place / "state")}
            problems += [f"{name}: {one}" for one in judge(program, name, folder, libraries,
                                                           [] if name == "zookeeper" else dependencies(coordinates), env)]
    print("\n".join(problems))
    print(f"rewrite: {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
