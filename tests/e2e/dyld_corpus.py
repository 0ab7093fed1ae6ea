"""Public reports of programs that dyld did not start, each with a tree that is built like the one in the report.

A message is the report's, with its order, its words and its number of paths; names of people, projects and libraries
are neutral. "{tool}" stands for the LC_UUID of the image of that name. "[...]" is what the report leaves out. A message
that begins with "tried:" is what dlopen() printed behind the name: the same search, for a library that a program needs.
A file of /usr/lib stands on the disk where a report has the UUID of one in the shared cache.
"""
from dataclasses import dataclass, field
from pathlib import Path

import mach_writer as m

SYSTEM = "/usr/lib/libSystem.B.dylib"
CRYPTEX = "/System/Volumes/Preboot/Cryptexes/OS"
UNSIGNED = "mapped file has no cdhash, completely unsigned? Code has to be at least ad-hoc signed."
TEAMS = "mapping process and mapped file (non-platform) have different Team IDs"


@dataclass
class Case:
    source: str
    macos: str
    files: dict  # the first is the program
    message: str
    links: dict = field(default_factory=dict)
    words: tuple = ()

    @property
    def program(self):
        return next(iter(self.files))

    def build(self, root):
        for path, data in self.files.items():
            place = Path(root) / path[1:]
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        for path, target in self.links.items():
            place = Path(root) / path[1:]
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(target)

    def parts(self):
        """What the prediction must consist of, in this order."""
        text = self.message
        names = {name: m.uuid_text(name) for name in ("tool", "lib", "mid", "low", "system")}
        for name, uuid in names.items():
            text = text.replace("{" + name + "}", uuid)
        return text.split("[...]")


def tool(*libraries, **more):
    return m.image(m.EXECUTE, "tool", dylibs=[*libraries, SYSTEM], **more)


def lib(name="lib", **more):
    return m.image(m.DYLIB, name, **{"install_name": f"/opt/{name}.dylib", **more})


def tried(*paths):
    return "tried: " + ", ".join(f"'{path}' ({why})" for path, why in paths)


def missing(library, by, reason, name="tool", note=""):
    return f"Library not loaded: {library}\n  Referenced from: <{{{name}}}> {by}{note}\n  Reason: {reason}"


GONE = "no such file"
NOT_CACHED = "no such file, not in dyld cache"


def three(path, why=GONE):
    """A name with a slash: on the disk, in the cryptex, and again."""
    return (path, why), (CRYPTEX + path, GONE), (path, why)


def classic(leaf):
    return (f"/usr/local/lib/{leaf}", GONE), (f"/usr/lib/{leaf}", NOT_CACHED)


def not_valid(name, path, why):
    return f"code signature in <{{{name}}}> '{path}' not valid for use in process: {why}"


def missing_libraries():
    keg = "/opt/homebrew/opt/num/lib/libnum.10.dylib"
    yield Case("vitobotta/hetzner-k3s#155", "13.1", {"/opt/homebrew/Cellar/tool/1.0.8/bin/tool": tool(keg)},
               missing(keg, "/opt/homebrew/Cellar/tool/1.0.8/bin/tool",
                       tried(*three(keg), *classic("libnum.10.dylib"))))
    old = "/opt/homebrew/opt/crypt@1.1/lib/libcrypt.1.1.dylib"
    yield Case("vitobotta/hetzner-k3s#274", "13.5", {"/opt/homebrew/Cellar/tool/1.1.3/bin/tool": tool(old)},
               missing(old, "/opt/homebrew/Cellar/tool/1.1.3/bin/tool",
                       tried(*three(old), *classic("libcrypt.1.1.dylib"))))
    # A newer release is there under another name: the directory is a link, and the search is made again behind it.
    low, leaf = "/opt/homebrew/opt/low/lib/liblow.14.dylib", "liblow.14.dylib"
    real = "/opt/homebrew/Cellar/low/3.5.0/lib/liblow.14.dylib"
    mid = "/opt/homebrew/Cellar/mid/0.2.7_3/lib/libmid.4.dylib"
    yield Case("Homebrew/homebrew-core#150336", "14.0",
               {"/opt/homebrew/Cellar/tool/1.0/bin/tool": tool("/opt/homebrew/opt/mid/lib/libmid.4.dylib"),
                mid: lib("mid", dylibs=[low, SYSTEM]),
                "/opt/homebrew/Cellar/low/3.5.0/lib/liblow.15.dylib": lib("low")},
               missing(low, mid, tried(*three(low), *classic(leaf), *three(real), *classic(leaf)), "mid"),
               {"/opt/homebrew/opt/mid": "../Cellar/mid/0.2.7_3", "/opt/homebrew/opt/low": "../Cellar/low/3.5.0"})
    name = "/usr/lib/swift/libswift_new.dylib"
    for source, macos, place in (("sohzm/systemAudioDump#1", "13.7", "/Users/u/.build/arm64/release/tool"),
                                 ("apple/container#1952", "14.8.7", "/usr/local/bin/tool")):
        yield Case(source, macos, {place: tool(name, minos="15.0", sdk="15.0")},
                   missing(name, place, tried((name, GONE), (CRYPTEX + name, GONE), (name, NOT_CACHED)),
                           note=" (built for macOS 15.0 which is newer than running OS)"))
    yield Case("Acerola-1/hagimi-monitor#26", "15.7.1",
               {"/Applications/Tool.app/Contents/MacOS/tool": tool(name, minos="26.0", sdk="26.0")},
               f"Library not loaded: {name}\n  Referenced from: [...]/tool (built for macOS 26.0 which is newer than "
               "running OS)[...]")
    # A name without a slash in front, from a directory where it does not lie.
    there = "/Users/u/src/test"
    yield Case("dkogan/vnlog#11", "15.7", {f"{there}/tool": tool("libv.dylib.0", minos="15.0", sdk="15.0")},
               missing("libv.dylib.0", f"{there}/tool",
                       tried(("libv.dylib.0", GONE), (f"{CRYPTEX}libv.dylib.0", GONE), ("libv.dylib.0", GONE),
                             *three(f"{there}/libv.dylib.0"))), words=("--cwd", there))
    app = "/Applications/Tool.app/Contents"
    yield Case("owncloud/client#10808", "13.3.1",
               {f"{app}/MacOS/tool": tool("@executable_path/../Frameworks/libgraph.1.dylib", flags=m.RUNTIME)},
               missing("@executable_path/../Frameworks/libgraph.1.dylib", f"{app}/MacOS/tool",
                       tried((f"{app}/Frameworks/libgraph.1.dylib", GONE), ("/usr/lib/libgraph.1.dylib", NOT_CACHED))))
    gui = "Gui.framework/Versions/A/Gui"
    yield Case("Brewtarget/brewtarget#1022", "15.6",
               {f"{app}/MacOS/tool": tool(f"@loader_path/../Frameworks/{gui}", sdk="15.0")},
               missing(f"@loader_path/../Frameworks/{gui}", f"{app}/MacOS/tool",
                       tried((f"{app}/MacOS/../Frameworks/{gui}", GONE))))
    site = "/Users/u/env/lib/python3.10/site-packages"
    yield Case("matthew-brett/delocate#233", "14.7",
               {f"{site}/pkg/tool": tool("@loader_path/../../../pkg.dylibs/libpkg.1.dylib", sdk="14.0")},
               missing("@loader_path/../../../pkg.dylibs/libpkg.1.dylib", f"{site}/pkg/tool",
                       tried((f"{site}/pkg/../../../pkg.dylibs/libpkg.1.dylib", GONE))))
    yield Case("Homebrew/homebrew-core#88310", "12.0", {"/opt/homebrew/Cellar/tool/3.7.2/bin/tool":
                                                        tool("@rpath/libh3.1.dylib", minos="12.0", sdk="12.0")},
               "Library not loaded: @rpath/libh3.1.dylib\n  Referenced from: /opt/homebrew/Cellar/tool/3.7.2/bin/tool\n"
               "  Reason: tried: '/usr/local/lib/libh3.1.dylib' (no such file), '/usr/lib/libh3.1.dylib' (no such file)")


def run_paths():
    for source, macos, name in (("google/jpegli#40", "15.0.1", "libthreads.0.12.dylib"),
                                ("jow-/ucode#265", "15.2", "libcode.0.dylib")):
        yield Case(source, macos, {"/usr/local/bin/tool": tool(f"@rpath/{name}", sdk="15.0")},
                   missing(f"@rpath/{name}", "/usr/local/bin/tool", "no LC_RPATH's found"))
    frame = "Sdl.framework/Versions/A/Sdl"
    twice = [(f"/Library/Frameworks/{frame}", GONE), (f"{CRYPTEX}/Library/Frameworks/{frame}", GONE)] * 2
    yield Case("perfect-dark-pc-port/perfect_dark#537", "15.1",
               {"/Users/u/Downloads/osx/tool": tool(f"@rpath/{frame}", cpu=m.X86_64, sdk="14.5", sign=False,
                                                    rpaths=["/Library/Frameworks"] * 2)},
               missing(f"@rpath/{frame}", "/Users/u/Downloads/osx/tool", tried(*twice)))
    yield Case("wazuh/wazuh#34301", "15.5",
               {"/Library/Agent/bin/tool": tool("@rpath/libdb.dylib", sdk="14.0", flags=m.RUNTIME,
                                                rpaths=["$ORIGIN/../lib", "/Library/Agent/lib"])},
               missing("@rpath/libdb.dylib", "/Library/Agent/bin/tool",
                       "tried: '$ORIGIN/../lib/libdb.dylib' (relative path not allowed in hardened program), [...]"))
    # The paths of the machine that built it.
    yield Case("Simple-Robotics/proxsuite#456", "15.4",
               {"/Users/u/pkg/tool": tool("@rpath/libc++.1.dylib", sdk="15.0",
                                          rpaths=["/Users/runner/env/lib", "/var/folders/T/prefix/lib"])},
               "Library not loaded: @rpath/libc++.1.dylib[...]Reason: tried: '/Users/runner/env/lib/libc++.1.dylib' "
               "(no such file)[...]'/var/folders/T/prefix/lib/libc++.1.dylib' (no such file)[...]")
    app = "/Applications/App.app"
    # A pointer of a large-file store in the place of the library; two LC_RPATHs lead to it.
    yield Case("vcmi/vcmi#6194", "14.0",
               {f"{app}/tool": tool("@rpath/libogg.0.dylib", sdk="14.0",
                                    rpaths=["@executable_path/Frameworks", "@loader_path/Frameworks"]),
                f"{app}/Frameworks/libogg.0.dylib": b"../lib/libogg.0.8.5.dylib\n"},
               missing("@rpath/libogg.0.dylib", f"{app}/tool",
                       tried(*[(f"{app}/Frameworks/libogg.0.dylib", "slice is not valid mach-o file")] * 2)))


def headers():
    double = {"rpaths": ["/usr/mypath/lib"] * 2, "sdk": "15.4"}
    yield Case("facebook/zstd#4369", "15.4",
               {"/Users/u/bin/tool": tool("@loader_path/../lib/libz.1.dylib", sdk="15.0"),
                "/Users/u/lib/libz.1.dylib": lib(**double)},
               missing("@loader_path/../lib/libz.1.dylib", "/Users/u/bin/tool",
                       tried(("/Users/u/bin/../lib/libz.1.dylib", "duplicate LC_RPATH '/usr/mypath/lib'"))))
    name = "/Users/runner/local/lib/libfact-4.4.1.dylib"
    why = "duplicate LC_RPATH '/Users/runner/local/lib'"
    yield Case("passagemath/passagemath#1633", "15.6.1",
               {"/Users/runner/bin/tool": tool(name, cpu=m.X86_64, sdk="15.0", sign=False),
                name: lib(cpu=m.X86_64, sdk="15.5", sign=False, rpaths=["/Users/runner/local/lib"] * 2)},
               missing(name, "/Users/runner/bin/tool", tried(*three(name, why))))
    game = "/Applications/App.app/Contents/MacOS/lib/game.so"
    yield Case("jdolan/quetoo#1065", "15.6",
               {"/Applications/App.app/Contents/MacOS/tool": tool(game, sdk="15.0"),
                game: lib(sdk="15.5", rpaths=["@executable_path/lib/"] * 2)},
               tried(*three(game, "duplicate LC_RPATH '@executable_path/lib/'")))
    gcc = "/opt/env/lib/libgf.5.dylib"
    yield Case("tpoechtrager/cctools-port#166", "15.4",
               {"/opt/env/bin/tool": tool(gcc, sdk="15.0"), gcc: lib(sdk="15.4", rpaths=["@loader_path"] * 2)},
               f"tried: '{gcc}' (duplicate LC_RPATH '@loader_path')[...]")
    for source in ("drogers0/aistat#38", "vercel-labs/zerolang#27"):
        yield Case(source, "26.4", {"/Users/u/out/tool": tool(sdk="26.0", uuid=False)},
                   "missing LC_UUID load command in /Users/u/out/tool")
    for source in ("zzet/gortex#176", "papercomputeco/tapes#50"):
        yield Case(source, "26.5.1", {"/usr/local/bin/tool": tool(sdk="26.0", data_const=0)},
                   "__DATA_CONST segment missing SG_READ_ONLY flag in /usr/local/bin/tool")


def architectures():
    def have(have_name, need):
        return f"mach-o file, but is an incompatible architecture (have '{have_name}', need '{need}')"

    name = "/usr/local/zfs/lib/libnv.3.dylib"
    yield Case("cbreak-black/ZetaWatch#23", "12.3",
               {"/Users/u/Tool.app/Contents/MacOS/tool": tool(name, cpu=m.X86_64, minos="12.0", flags=m.RUNTIME),
                name: lib(minos="12.0")},
               f"Library not loaded: {name}\n  Referenced from: /Users/u/Tool.app/Contents/MacOS/tool\n  Reason: "
               + tried((name, have("arm64", "x86_64")), ("/usr/lib/libnv.3.dylib", GONE)))
    gem = "/Library/Ruby/Gems/2.6.0/gems/ffi/lib/ffi_c.bundle"
    yield Case("CocoaPods/CocoaPods#11914", "13.3",
               {"/opt/tool": tool(gem, sdk="14.0"), gem: lib(cpu=m.X86_64, sign=False)},
               tried(*three(gem, have("x86_64", "arm64"))))
    yield Case("donn/nudelta#27", "13.1",
               {"/opt/tool": tool("/opt/lib.dylib", sdk="14.0"), "/opt/lib.dylib": lib(cpu=m.X86_64, sign=False)},
               "tried: '/opt/lib.dylib' (mach-o file, but is an incompatible architecture (have 'x86_64', need "
               "'arm64'))[...]")
    tcl = "/opt/homebrew/Cellar/modules/5.2.0/lib/libtclenv.dylib"
    yield Case("kingToolbox/WindTerm#1600", "13.2",
               {"/opt/tool": tool(tcl, cpu=m.X86_64, sdk="14.0", sign=False), tcl: lib()},
               tried(*three(tcl, have("arm64", "x86_64"))))
    for source, path in (("envmodules/modules#474", "/usr/local/Modules/lib/libtclenv.dylib"),
                         ("envmodules/modules#468", "/usr/local/Cellar/modules/5.1.1/lib/libtclenv.dylib")):
        yield Case(source, "12.5", {"/opt/tool": tool(path, minos="12.0"), path: lib(cpu=m.X86_64, sign=False)},
                   f"tried: '{path}' (mach-o file, but is an incompatible architecture (have (x86_64), need (arm64e)))"
                   "[...]")
    both = m.fat([(m.I386, 3, m.image(m.DYLIB, "low", cpu=m.X86_64, sign=False)),
                  (m.X86_64, 3, m.image(m.DYLIB, "lib", cpu=m.X86_64, sign=False))])
    yield Case("TezosRio/TezosJ_plainJava#16", "12.3",
               {"/opt/tool": tool("/opt/lib.dylib", minos="12.0"), "/opt/lib.dylib": both},
               "tried: '/opt/lib.dylib' (fat file, but missing compatible architecture (have 'i386,x86_64', need "
               "'arm64e'))[...]")


def inserted():
    def ends(path, *paths):
        return f"terminating because inserted dylib '{path}' could not be loaded: {tried(*paths)}"

    def have(have_name, need):
        return f"mach-o file, but is an incompatible architecture (have '{have_name}', need '{need}')"

    hook = "/opt/homebrew/Cellar/hook/4.16/lib/libhook.dylib"
    words = ("--env", f"DYLD_INSERT_LIBRARIES={hook}")
    system = {"/usr/bin/tool": tool(subtype=2, sdk="14.0")}  # arm64e, as the programs of the system
    yield Case("rofl0r/proxychains-ng#530", "14.1", {**system, hook: lib()},
               ends(hook, *three(hook, have("arm64", "arm64e"))), words=words)
    yield Case("wolfcw/libfaketime#423", "13.2", {**system, hook: lib()}, ends(hook, *three(hook, have("arm64", ""))),
               words=words)
    fat = m.fat([(m.X86_64, 3, m.image(m.DYLIB, "low", cpu=m.X86_64)), (m.ARM64, 0, m.image(m.DYLIB, "lib"))])
    yield Case("dotnet/dnceng#3849", "13.6", {**system, hook: fat},
               ends(hook, *three(hook, "fat file, but missing compatible architecture (have 'x86_64,arm64', need '')")),
               words=words)
    yield Case("ethangreen-dev/lovely-injector#115", "15.2",
               {"/Games/tool": tool(cpu=m.X86_64, sdk="14.0", sign=False), "/Games/liblove.dylib": lib()},
               "terminating because inserted dylib 'liblove.dylib' could not be loaded: tried: 'liblove.dylib' "
               "(mach-o file, but is an incompatible architecture (have 'arm64', need 'x86_64')),[...]",
               words=("--env", "DYLD_INSERT_LIBRARIES=liblove.dylib", "--cwd", "/Games"))
    ios = "/usr/lib/syshook.dylib"
    yield Case("sigoden/dufs#542", "12.0", {"/opt/tool": tool(minos="12.0"), ios: lib(platform=m.IOS)},
               ends(ios, (ios, f"mach-o file ({ios}), but incompatible platform (have 'iOS', need 'macOS')"),
                    ("/usr/local/lib/syshook.dylib", GONE)), words=("--env", f"DYLD_INSERT_LIBRARIES={ios}"))


def signatures():
    keg, cellar = "/opt/homebrew/opt/x/lib/libX.6.dylib", "/opt/homebrew/Cellar/x/1.8.12/lib/libX.6.dylib"
    bad = not_valid("lib", cellar, TEAMS)
    yield Case("livepeer/go-livepeer#3489", "15.3",
               {"/Users/u/bin/tool": tool(keg, sdk="15.0", flags=m.RUNTIME), cellar: lib(sdk="15.0")},
               missing(keg, "/Users/u/bin/tool", tried(*three(keg, bad), (cellar, bad))
                       + f", '{CRYPTEX}{cellar}'[...]"), {"/opt/homebrew/opt/x": "../Cellar/x/1.8.12"})
    node = "/Users/u/cep/node_modules/rt/bin/rt_binding.node"
    yield Case("Adobe-CEP/CEP-Resources#511", "14.4",
               {"/Applications/App.app/Contents/MacOS/tool": tool(node, sdk="14.0", flags=m.RUNTIME), node: lib()},
               tried(*three(node, not_valid("lib", node, TEAMS))))
    build = "/Users/u/t/.build/debug/libT.dylib"
    deep = "/Users/u/t/.build/arm64-apple-macosx/debug/libT.dylib"
    yield Case("finnvoor/SwiftUIFX#2", "15.1",
               {"/Users/u/app/tool": tool(build, sdk="15.0", flags=m.RUNTIME), deep: lib(sdk="15.0")},
               tried(*three(build, not_valid("lib", deep, TEAMS)), (deep, not_valid("lib", deep, TEAMS))) + ", [...]",
               {"/Users/u/t/.build/debug": "arm64-apple-macosx/debug"})
    crypto, real = "/usr/local/lib/libcrypt.dylib", "/usr/local/Cellar/crypt@3/3.3.1/lib/libcrypt.3.dylib"
    bare = not_valid("lib", real, UNSIGNED)
    yield Case("Leseratte10/acsm-calibre-plugin#109", "14.5",
               {"/Applications/App.app/Contents/MacOS/tool": tool(crypto, sdk="14.0"), real: lib(sign=False)},
               tried(*three(crypto, bare), *three(real, bare)), {crypto: "../Cellar/crypt@3/3.3.1/lib/libcrypt.3.dylib"})
    app, key = "/Applications/App.app/Contents", "Key.framework/Versions/A/Key"
    here = not_valid("lib", f"{app}/Frameworks/{key}", UNSIGNED)
    up = f"{app}/MacOS/../Frameworks/{key}"
    yield Case("QiuChenlyOpenSource/MyMacsAppCrack#10", "12.6",
               {f"{app}/MacOS/tool": tool(f"@rpath/{key}", minos="12.0", flags=m.RUNTIME,
                                          rpaths=["@loader_path/../Frameworks"] * 2),
                f"{app}/Frameworks/{key}": lib(sign=False)},
               f"Library not loaded: '@rpath/{key}'\n  Referenced from: '{app}/MacOS/tool'\n  Reason: "
               + tried((up, here), (up, here), (f"/System/Library/Frameworks/{key}", GONE)))


def symbols():
    def lacks(symbol, by, where, name="tool", note=""):
        return (f"Symbol not found: {symbol}\n  Referenced from: <{{{name}}}> {by}{note}\n"
                f"  Expected in:     <{{system}}> {where}")

    cxx, std = "/usr/lib/libc++.1.dylib", "/usr/lib/libstdc++.6.dylib"
    virtual, resource = "__ZTVNSt3__13pmr25monotonic_bufferE", "__ZNSt3__13pmr20get_default_resourceEv"
    app = "/Users/u/App.app/Contents"

    def system(**more):
        return m.image(m.DYLIB, "system", exports=["_other"], **more)

    def old(symbol, where, **more):
        return m.image(m.EXECUTE, "tool", dylibs=[where, SYSTEM], imports=[(symbol, 1)], **more)

    widgets = f"{app}/Frameworks/Widgets.framework/Versions/5/Widgets"
    yield Case("noyatsenko/freeLib-mac#6", "13.7.8",
               {f"{app}/MacOS/tool": tool(widgets, cpu=m.X86_64, sign=False),
                widgets: m.image(m.DYLIB, "lib", cpu=m.X86_64, dylibs=[cxx, SYSTEM], imports=[(virtual, 1)], sign=False),
                cxx: system(cpu=m.X86_64, install_name=cxx, sign=False)},
               lacks(virtual, widgets, cxx, "lib"))
    yield Case("boostorg/core#162", "13.6", {"/Users/runner/bin/sv_test": old(resource, cxx),
                                             cxx: system(install_name=cxx)},
               lacks(resource, "/Users/runner/bin/sv_test", cxx))
    xml = f"{app}/Frameworks/Xml.framework/Versions/A/Xml"
    yield Case("glaumar/QRookie#16", "13.6.6",
               {f"{app}/MacOS/tool": tool(xml, sdk="14.0"),
                xml: m.image(m.DYLIB, "lib", dylibs=[cxx, SYSTEM], imports=[(resource, 1)], minos="14.0", sdk="14.0"),
                cxx: system(install_name=cxx)},
               lacks(resource, xml, cxx, "lib", " (built for macOS 14.0 which is newer than running OS)"))
    text = "__ZNKSt7__cxx1112basic_string12find_last_ofEPKcm"
    yield Case("dmsc/fastbasic#65", "13.2.1", {"/Users/u/basic/basic": old(text, std),
                                               std: system(install_name=std)},
               lacks(text, "/Users/u/basic/basic", std))
    yield Case("vcflib/vcflib#327", "12.1", {"/usr/local/Cellar/vlib/1.0.1/bin/tool": old(text, std, minos="12.0"),
                                             std: system(install_name=std)},
               f"Symbol not found: {text}\n  Referenced from: /usr/local/Cellar/vlib/1.0.1/bin/tool\n"
               f"  Expected in: {std}")
    abort = "__ZNSt3__122__libcpp_verbose_abortEPKcz"
    yield Case("cloudflare/workerd#4284", "12.7.6", {"/Users/u/node_modules/w/bin/tool": old(abort, cxx, minos="12.0"),
                                                     cxx: system(install_name=cxx)},
               f"Symbol not found: ({abort})\n[...]/w/bin/tool[...]Expected in: '{cxx}'")
    for source, macos, symbol in (("Sinono3/souvlaki#53", "15.1", "_MPMediaItemPropertyTitle"),
                                  ("oven-sh/bun#34304", "26.0", "__mh_execute_header")):
        yield Case(source, macos, {"/opt/tool": tool(imports=[(symbol, m.FLAT)], sdk="15.0")},
                   f"symbol not found in flat namespace '{symbol}'")


def cases():
    for part in (missing_libraries, run_paths, headers, architectures, inserted, signatures, symbols):
        yield from part()
