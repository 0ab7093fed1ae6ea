"""Widely used modules with C code, and what `tenon build` has to make of each.

An expectation is "built" (go, the gate and, on Linux, the run pass), or a finding code and a part
of its message, such as "TN0402 sql.h". A target without an expectation is not tried.
"""
from dataclasses import dataclass

DARWIN = "darwin/arm64"
MUSL = "linux/arm64"
GLIBC = "linux/arm64:gnu2.28"
TARGETS = (DARWIN, MUSL, GLIBC)


@dataclass(frozen=True)
class Module:
    package: str
    version: str
    call: str = ""  # statements that use the package as lib; shown(...) prints; none: blank import
    module: str = ""  # when it is not the package
    darwin: str = "built"
    musl: str = "built"
    glibc: str = ""
    tags: str = ""
    musl_tags: str = ""
    imports: tuple = ()
    note: str = ""

    @property
    def origin(self):
        return self.module or self.package

    def expected(self, target):
        return dict(zip(TARGETS, (self.darwin, self.musl, self.glibc)))[target]


def pkg_config(package, version, library, module="", darwin="", musl=""):
    """A module that asks pkg-config for a library of the target."""
    words = f"TN0608 {library}"
    return Module(package, version, module=module, darwin=darwin or words, musl=musl or words)


SQL = """
db, err := sql.Open("%s", "%s")
check(err)
var answer string
check(db.QueryRow("%s").Scan(&answer))
shown(answer)
"""

# C or C++ source in the module.
SOURCE = (
    Module(
        "github.com/mattn/go-sqlite3", "v1.14.53",
        SQL % ("sqlite3", ":memory:", "select sqlite_compileoption_used('ENABLE_FTS5')"),
        tags="sqlite_fts5", imports=("database/sql",),
    ),
    Module(
        "github.com/mutecomm/go-sqlcipher/v4", "v4.4.2",
        SQL % ("sqlite3", ":memory:?_pragma_key=secret", "select sqlite_version()"),
        imports=("database/sql",),
    ),
    Module(
        "crawshaw.io/sqlite", "v0.3.2",
        """
        db, err := lib.OpenConn(":memory:", 0)
        check(err)
        shown(db.Close())
        """,
    ),
    Module("github.com/bmatsuo/lmdb-go/lmdb", "v1.8.0", "shown(lib.VersionString())",
           module="github.com/bmatsuo/lmdb-go"),
    Module(
        "github.com/cockroachdb/pebble/v2", "v2.1.7",
        """
        db, err := lib.Open("", &lib.Options{FS: vfs.NewMem()})
        check(err)
        shown(db.Close())
        """,
        imports=("github.com/cockroachdb/pebble/v2/vfs",),
    ),
    Module(
        "github.com/DataDog/zstd", "v1.5.7",
        """
        packed, err := lib.Compress(nil, make([]byte, 1000))
        check(err)
        shown(len(packed))
        """,
    ),
    Module(
        "github.com/chai2010/webp", "v1.4.0",
        """
        packed, err := lib.EncodeRGBA(image.NewRGBA(image.Rect(0, 0, 8, 8)), 90)
        check(err)
        shown(len(packed))
        """,
        imports=("image",),
    ),
    Module(
        "github.com/ethereum/go-ethereum/crypto/secp256k1", "v1.17.10",
        """
        one := make([]byte, 32)
        one[31] = 1
        signature, err := lib.Sign(one, one)
        check(err)
        shown(len(signature))
        """,
        module="github.com/ethereum/go-ethereum",
    ),
    Module(
        "github.com/supranational/blst/bindings/go", "v0.3.17",
        "shown(len(lib.KeyGen(make([]byte, 32)).Serialize()))",
        module="github.com/supranational/blst",
    ),
    Module(
        "github.com/ethereum/c-kzg-4844/v2/bindings/go", "v2.1.8",
        """
        defer func() { shown(recover()) }()
        lib.LoadTrustedSetupFile("/no/such/file", 0)
        """,
        module="github.com/ethereum/c-kzg-4844/v2",
    ),
    Module(
        "github.com/pganalyze/pg_query_go/v6", "v6.2.5",
        """
        text, err := lib.Normalize("SELECT 1")
        check(err)
        shown(text)
        """,
    ),
    Module(
        "github.com/tree-sitter/go-tree-sitter", "v0.25.0",
        """
        parser := lib.NewParser()
        check(parser.SetLanguage(lib.NewLanguage(python.Language())))
        shown(parser.Parse([]byte("x = 1"), nil).RootNode().ToSexp())
        """,
        imports=('python "github.com/tree-sitter/tree-sitter-python/bindings/go"',),
    ),
    Module("github.com/uber/h3-go/v4", "v4.1.0",
           "shown(lib.LatLngToCell(lib.NewLatLng(37.7, -122.4), 9))"),
    Module(
        "github.com/apache/arrow-go/v18/arrow/cdata", "v18.8.0",
        """
        var array lib.CArrowArray
        lib.ReleaseCArrowArray(&array)
        shown("released")
        """,
        module="github.com/apache/arrow-go/v18",
    ),
    Module(
        "github.com/yanyiwu/gojieba", "v1.4.6",
        """
        defer func() { shown(recover() != nil) }()
        lib.NewJieba("/no/such/dictionary")
        """,
        note="C++",
    ),
    Module("github.com/erigontech/mdbx-go/mdbx", "v0.38.4",
           """
           env, err := lib.NewEnv()
           check(err)
           env.Close()
           shown(lib.Major)
           """,
           module="github.com/erigontech/mdbx-go"),
    Module("github.com/inkyblackness/imgui-go/v4", "v4.7.0", "shown(lib.Version())", note="C++"),
    Module("github.com/opencontainers/runc/libcontainer/nsenter", "v1.2.0",
           module="github.com/opencontainers/runc", darwin="", note="a C constructor"),
    Module("github.com/mattn/go-pointer", "v0.0.1", 'shown(lib.Restore(lib.Save("kept")))'),
)

# Compiled libraries in the module.
PREBUILT = (
    Module("github.com/valyala/gozstd", "v1.27.0",
           "shown(len(lib.Compress(nil, make([]byte, 1000))))"),
    Module(
        "github.com/bytecodealliance/wasmtime-go/v37", "v37.0.0",
        """
        code, err := lib.Wat2Wasm(`(module (func (export "f") (result i32) i32.const 42))`)
        check(err)
        store := lib.NewStore(lib.NewEngine())
        module, err := lib.NewModule(store.Engine, code)
        check(err)
        instance, err := lib.NewInstance(store, module, nil)
        check(err)
        value, err := instance.GetFunc(store, "f").Call(store)
        check(err)
        shown(value)
        """,
        glibc="built", note="Rust",
    ),
    Module(
        "github.com/confluentinc/confluent-kafka-go/v2/kafka", "v2.11.1",
        """
        producer, err := lib.NewProducer(&lib.ConfigMap{"bootstrap.servers": "127.0.0.1:1"})
        check(err)
        producer.Close()
        _, version := lib.LibraryVersion()
        shown(version)
        """,
        module="github.com/confluentinc/confluent-kafka-go/v2", glibc="built", musl_tags="musl",
    ),
    Module(
        "github.com/tursodatabase/go-libsql", "v0.0.0-20251219133454-43644db490ff",
        SQL % ("libsql", ":memory:", "select sqlite_version()"),
        glibc="built", imports=("database/sql",), note="Rust",
    ),
    Module(
        "github.com/duckdb/duckdb-go/v2", "v2.10506.0", SQL % ("duckdb", "", "select version()"),
        musl="TN0412 libstdc++", imports=("database/sql",), note="C++; libstdc++ on Linux",
    ),
    Module("rogchap.com/v8go", "v0.9.0",
           """
           value, err := lib.NewContext().RunScript("6 * 7", "a.js")
           check(err)
           shown(value)
           """,
           musl="TN0412 libstdc++", note="C++; libstdc++ on Linux"),
    Module(
        "github.com/gen2brain/go-fitz", "v1.24.15",
        """
        _, err := lib.NewFromMemory([]byte("not a document"))
        shown(err != nil)
        """,
        musl_tags="musl",
    ),
    Module("github.com/herumi/bls-eth-go-binary/bls", "v1.36.1", "shown(lib.Init(lib.BLS12_381))",
           module="github.com/herumi/bls-eth-go-binary", note="C++"),
    Module("github.com/CosmWasm/wasmvm/v2", "v2.1.2", darwin="TN0511", musl="TN0508",
           note="a dynamic library"),
    Module("github.com/wasmerio/wasmer-go/wasmer", "v1.0.4", "shown(lib.NewEngine() != nil)",
           module="github.com/wasmerio/wasmer-go", darwin="TN0511", musl="TN2007 wasmer",
           note="a dynamic library"),
)

# The library is loaded when the program runs.
LOADED = (
    Module("github.com/miekg/pkcs11", "v1.1.2", 'shown(lib.New("/no/such/library") == nil)'),
    Module("github.com/yalue/onnxruntime_go", "v1.27.0", "shown(lib.IsInitialized())"),
    Module("github.com/golang-fips/openssl/v2", "v2.0.3",
           'shown(lib.Init("/no/such/library") != nil)'),
    Module("github.com/godror/godror", "v0.49.0",
           """
           db, err := sql.Open("godror", "user/word@host")
           check(err)
           shown(db.Ping() != nil)
           """,
           imports=("database/sql",)),
    Module("github.com/NVIDIA/go-nvml/pkg/nvml", "v0.13.4-1", "shown(lib.Init() != lib.SUCCESS)",
           module="github.com/NVIDIA/go-nvml", musl="TN2318 RTLD_DEEPBIND",
           glibc="TN0309 --unresolved-symbols"),
)

# Little or no C code on one of the systems.
SYSTEM = (
    Module(
        "github.com/shirou/gopsutil/v4/mem", "v4.26.10",
        """
        memory, err := lib.VirtualMemory()
        check(err)
        shown(memory.Total > 0)
        """,
        module="github.com/shirou/gopsutil/v4", note="no C code",
    ),
    Module(
        "github.com/libp2p/go-reuseport", "v0.4.0",
        """
        listener, err := lib.Listen("tcp", "127.0.0.1:0")
        check(err)
        shown(listener.Addr().Network())
        """,
        note="no C code",
    ),
    Module("github.com/elastic/gosigar", "v0.14.3",
           """
           var memory lib.Mem
           check(memory.Get())
           shown(memory.Total > 0)
           """,
           note="C code on macOS only"),
    Module("github.com/progrium/macdriver/objc", "v0.4.0", 'shown(lib.Get("NSObject"))',
           module="github.com/progrium/macdriver", musl="", note="libobjc and libffi of macOS"),
    Module("github.com/go-gl/gl/v4.1-core/gl", "v0.0.0-20231021071112-07e5d0ea2e71",
           module="github.com/go-gl/gl", musl="TN0608 gl"),
)

# Headers of Apple's frameworks, which come with tenon.
FRAMEWORKS = (
    Module("github.com/gen2brain/malgo", "v0.11.23",
           "shown(lib.DefaultDeviceConfig(lib.Playback).DeviceType == lib.Playback)",
           darwin="built"),
    Module("github.com/karalabe/hid", "v1.0.1-0.20240306101548-573246063e52",
           "shown(lib.Supported())", darwin="built"),
    Module("github.com/fsnotify/fsevents", "v0.2.0", darwin="built", musl=""),
    Module("github.com/keybase/go-keychain", "v0.0.1", darwin="built", musl=""),
    Module("github.com/99designs/keyring", "v1.2.2", "shown(lib.AvailableBackends())",
           darwin="built"),
    Module("github.com/docker/docker-credential-helpers/osxkeychain", "v0.9.12",
           module="github.com/docker/docker-credential-helpers",
           darwin="built", musl=""),
    Module("github.com/shoenig/go-m1cpu", "v0.2.4", "shown(lib.IsAppleSilicon())",
           darwin="built"),
    Module("go.bug.st/serial/enumerator", "v1.6.4",
           """
           _, err := lib.GetDetailedPortsList()
           shown(err)
           """,
           module="go.bug.st/serial", darwin="built"),
    Module("tinygo.org/x/bluetooth", "v0.10.0", "shown(lib.DefaultAdapter != nil)",
           darwin="built"),
    Module("github.com/pion/mediadevices/pkg/driver/camera", "v0.6.4",
           module="github.com/pion/mediadevices", darwin="built"),
    Module("golang.org/x/mobile/gl", "v0.0.0-20261011034528-197770444867",
           module="golang.org/x/mobile", darwin="built", musl="TN2006 GLES3/gl3.h"),
    Module("github.com/go-gl/glfw/v3.3/glfw", "v0.0.0-20260823155953-d41da22a9587",
           darwin="built", musl="TN2006 X11/Xlib.h"),
    Module("github.com/hajimehoshi/ebiten/v2", "v2.8.6", darwin="built",
           musl="TN2006 X11/Xlib.h"),
    Module("golang.design/x/clipboard", "v0.7.0", darwin="built",
           musl="TN2006 X11/Xlib.h"),
    pkg_config("gioui.org/app", "v0.7.1", "xkbcommon", module="gioui.org",
               darwin="built"),
    pkg_config("fyne.io/fyne/v2/app", "v2.7.1", "gl", module="fyne.io/fyne/v2",
               darwin="built"),
    pkg_config("github.com/getlantern/systray", "v1.2.2", "ayatana-appindicator3-0.1",
               darwin="built"),
    pkg_config("github.com/webview/webview_go", "v0.0.0-20240831120633-6173450d4dd6", "gtk+-3.0",
               darwin="TN0404 undefined symbols"),
)

# Libraries of others, for the target.
LIBRARIES = (
    Module("github.com/prometheus/client_golang/prometheus", "v1.23.2",
           "families, err := lib.DefaultGatherer.Gather()\ncheck(err)\nshown(len(families) > 0)",
           module="github.com/prometheus/client_golang"),
    Module("github.com/google/gopacket/pcap", "v1.1.19", module="github.com/google/gopacket",
           musl="TN2006 pcap.h"),
    Module("github.com/asg017/sqlite-vec-go-bindings/cgo", "v0.1.6",
           module="github.com/asg017/sqlite-vec-go-bindings",
           darwin="TN0404 undefined symbols", musl="TN2006 sqlite3.h"),
    Module("github.com/winfsp/cgofuse/fuse", "v1.6.0", module="github.com/winfsp/cgofuse",
           darwin="TN0402 fuse.h", musl="TN2006 fuse.h"),
    Module("github.com/msteinert/pam/v2", "v2.1.0", musl="TN2006 security/pam_appl.h"),
    Module("github.com/linxGnu/grocksdb", "v1.11.1", darwin="TN0402 rocksdb/c.h",
           musl="TN2006 rocksdb/c.h"),
    Module("github.com/jmhodges/levigo", "v1.0.0", darwin="TN0402 leveldb/c.h",
           musl="TN2006 leveldb/c.h"),
    Module("github.com/alexbrainman/odbc", "v0.0.0-20250601004241-49e6b2bc0cf0",
           darwin="TN0402 sql.h", musl="TN2006 sql.h"),
    Module("github.com/coreos/go-systemd/v22/sdjournal", "v22.5.0",
           module="github.com/coreos/go-systemd/v22", darwin="",
           musl="TN2006 systemd/sd-journal.h"),
    Module("github.com/dgraph-io/ristretto/v2/z", "v2.1.0",
           module="github.com/dgraph-io/ristretto/v2", darwin="TN0402 jemalloc/jemalloc.h",
           musl="TN2006 jemalloc/jemalloc.h", tags="jemalloc"),
    pkg_config("github.com/seccomp/libseccomp-golang", "v0.10.0", "libseccomp"),
    pkg_config("github.com/pebbe/zmq4", "v1.4.0", "libzmq"),
    pkg_config("github.com/flier/gohs/hyperscan", "v1.2.2", "libhs",
               module="github.com/flier/gohs"),
    pkg_config("github.com/libgit2/git2go/v34", "v34.0.0", "libgit2"),
    pkg_config("github.com/gordonklaus/portaudio", "v0.0.0-20250206071425-98a94950218b",
               "portaudio-2.0"),
    pkg_config("github.com/google/gousb", "v1.1.3", "libusb-1.0"),
    pkg_config("github.com/twpayne/go-geos", "v0.17.0", "geos"),
    pkg_config("github.com/davidbyttow/govips/v2/vips", "v2.16.0", "vips",
               module="github.com/davidbyttow/govips/v2"),
    pkg_config("github.com/h2non/bimg", "v1.1.9", "vips"),
    pkg_config("gocv.io/x/gocv", "v0.40.0", "opencv4"),
    pkg_config("github.com/veandco/go-sdl2/sdl", "v0.4.40", "sdl2",
               module="github.com/veandco/go-sdl2"),
    pkg_config("github.com/jamesruan/sodium", "v1.0.14", "libsodium"),
    pkg_config("github.com/hillu/go-yara/v4", "v4.3.3", "yara"),
    pkg_config("gopkg.in/hraban/opus.v2", "v2.0.0-20230925203106-0188a62cb302", "opus"),
)

GROUPS = (
    ("C or C++ source in the module", SOURCE),
    ("Compiled libraries in the module", PREBUILT),
    ("Libraries loaded when the program runs", LOADED),
    ("Little C code, or none", SYSTEM),
    ("Headers of Apple's frameworks", FRAMEWORKS),
    ("Libraries of others", LIBRARIES),
)
