"""Widely used modules with C code, and what `tenon build` has to make of each.

An expectation is one of
    built                        passes go, the gate and, on Linux, runs
    framework-header NAME        refused: a header of that Apple framework is missing
    header NAME                  refused: that header of a library is missing
    library NAME                 refused: that library is missing
    pkg-config NAME              refused: pkg-config does not know that library for the target
    refused CODE                 refused with that code of `tenon explain`
A target without an expectation is not tried: the module has nothing for it.
"""
from dataclasses import dataclass, field

DARWIN = "darwin/arm64"
LINUX = "linux/arm64"
GLIBC = "linux/arm64:gnu2.17"


@dataclass(frozen=True)
class Module:
    name: str
    path: str
    version: str
    imports: tuple  # lines of an import block
    call: str  # statements; shown(...) prints a result
    expect: dict
    tags: dict = field(default_factory=dict)  # by target
    flags: dict = field(default_factory=dict)  # further arguments of tenon build, by target
    note: str = ""


def both(result="built"):
    return {DARWIN: result, LINUX: result}


MODULES = (
    # C source or compiled libraries inside the module.
    Module(
        "go-sqlite3", "github.com/mattn/go-sqlite3", "v1.14.53",
        ('"database/sql"', '_ "github.com/mattn/go-sqlite3"'),
        """
        db, err := sql.Open("sqlite3", ":memory:")
        check(err)
        _, err = db.Exec("create virtual table t using fts5(x); insert into t values ('one two')")
        check(err)
        var count int
        check(db.QueryRow("select count(*) from t where t match 'two'").Scan(&count))
        shown(count)
        """,
        both(), tags={DARWIN: "sqlite_fts5", LINUX: "sqlite_fts5"},
    ),
    Module(
        "DataDog/zstd", "github.com/DataDog/zstd", "v1.5.7",
        ('"github.com/DataDog/zstd"',),
        """
        packed, err := zstd.Compress(nil, make([]byte, 1000))
        check(err)
        shown(len(packed))
        """,
        both(),
    ),
    Module(
        "gozstd", "github.com/valyala/gozstd", "v1.27.0",
        ('"github.com/valyala/gozstd"',),
        "shown(len(gozstd.Compress(nil, make([]byte, 1000))))",
        both(),
    ),
    Module(
        "go-ethereum secp256k1", "github.com/ethereum/go-ethereum", "v1.17.10",
        ('"github.com/ethereum/go-ethereum/crypto/secp256k1"',),
        """
        one := make([]byte, 32)
        one[31] = 1
        signature, err := secp256k1.Sign(one, one)
        check(err)
        shown(len(signature))
        """,
        both(),
    ),
    Module(
        "blst", "github.com/supranational/blst", "v0.3.17",
        ('blst "github.com/supranational/blst/bindings/go"',),
        "shown(len(blst.KeyGen(make([]byte, 32)).Serialize()))",
        both(),
    ),
    Module(
        "pg_query_go", "github.com/pganalyze/pg_query_go/v6", "v6.2.5",
        ('pg "github.com/pganalyze/pg_query_go/v6"',),
        """
        text, err := pg.Normalize("SELECT 1")
        check(err)
        shown(text)
        """,
        both(),
    ),
    Module(
        "wasmtime-go", "github.com/bytecodealliance/wasmtime-go/v37", "v37.0.0",
        ('"github.com/bytecodealliance/wasmtime-go/v37"',),
        """
        code, err := wasmtime.Wat2Wasm(`(module (func (export "f") (result i32) i32.const 42))`)
        check(err)
        store := wasmtime.NewStore(wasmtime.NewEngine())
        module, err := wasmtime.NewModule(store.Engine, code)
        check(err)
        instance, err := wasmtime.NewInstance(store, module, nil)
        check(err)
        value, err := instance.GetFunc(store, "f").Call(store)
        check(err)
        shown(value)
        """,
        {DARWIN: "built", LINUX: "built", GLIBC: "built"},
    ),
    Module(
        "confluent-kafka-go", "github.com/confluentinc/confluent-kafka-go/v2", "v2.11.1",
        ('"github.com/confluentinc/confluent-kafka-go/v2/kafka"',),
        """
        _, version := kafka.LibraryVersion()
        producer, err := kafka.NewProducer(&kafka.ConfigMap{"bootstrap.servers": "127.0.0.1:1"})
        check(err)
        producer.Close()
        shown(version)
        """,
        {DARWIN: "built", LINUX: "built", GLIBC: "built"}, tags={LINUX: "musl"},
    ),
    Module(
        "go-libsql", "github.com/tursodatabase/go-libsql", "v0.0.0-20251219133454-43644db490ff",
        ('"database/sql"', '_ "github.com/tursodatabase/go-libsql"'),
        """
        db, err := sql.Open("libsql", ":memory:")
        check(err)
        var version string
        check(db.QueryRow("select sqlite_version()").Scan(&version))
        shown(version)
        """,
        {DARWIN: "built", LINUX: "built", GLIBC: "built"},
    ),
    Module(
        "chai2010/webp", "github.com/chai2010/webp", "v1.4.0",
        ('"image"', '"github.com/chai2010/webp"'),
        """
        packed, err := webp.EncodeRGBA(image.NewRGBA(image.Rect(0, 0, 8, 8)), 90)
        check(err)
        shown(len(packed))
        """,
        both(),
    ),
    Module(
        "go-sqlcipher", "github.com/mutecomm/go-sqlcipher/v4", "v4.4.2",
        ('"database/sql"', '_ "github.com/mutecomm/go-sqlcipher/v4"'),
        """
        db, err := sql.Open("sqlite3", ":memory:?_pragma_key=secret")
        check(err)
        var version string
        check(db.QueryRow("select sqlite_version()").Scan(&version))
        shown(version)
        """,
        both(),
    ),
    Module(
        "miekg/pkcs11", "github.com/miekg/pkcs11", "v1.1.2",
        ('"github.com/miekg/pkcs11"',),
        'shown(pkcs11.New("/no/such/library") == nil)',
        both(),
    ),
    Module(
        "gopsutil", "github.com/shirou/gopsutil/v4", "v4.26.10",
        ('"github.com/shirou/gopsutil/v4/mem"',),
        """
        memory, err := mem.VirtualMemory()
        check(err)
        shown(memory.Total > 0)
        """,
        both(), note="no C code on either system",
    ),
    Module(
        "go-reuseport", "github.com/libp2p/go-reuseport", "v0.4.0",
        ('"github.com/libp2p/go-reuseport"',),
        """
        listener, err := reuseport.Listen("tcp", "127.0.0.1:0")
        check(err)
        shown(listener.Addr().Network())
        """,
        both(), note="no C code of its own",
    ),
    Module(
        "c-kzg-4844", "github.com/ethereum/c-kzg-4844/v2", "v2.1.8",
        ('kzg "github.com/ethereum/c-kzg-4844/v2/bindings/go"',),
        'shown(kzg.LoadTrustedSetupFile("/no/such/file", 0) != nil)',
        both(),
    ),
    Module(
        "go-tree-sitter", "github.com/tree-sitter/go-tree-sitter", "v0.25.0",
        ('sitter "github.com/tree-sitter/go-tree-sitter"',),
        """
        parser := sitter.NewParser()
        defer parser.Close()
        shown(parser.Language() == nil)
        """,
        both(),
    ),
    Module(
        "h3-go", "github.com/uber/h3-go/v4", "v4.1.0",
        ('"github.com/uber/h3-go/v4"',),
        "shown(h3.LatLngToCell(h3.NewLatLng(37.7, -122.4), 9))",
        both(),
    ),
    Module(
        "go-nvml", "github.com/NVIDIA/go-nvml", "v0.13.4-1",
        ('"github.com/NVIDIA/go-nvml/pkg/nvml"',),
        "shown(nvml.Init() != nvml.SUCCESS)",
        {DARWIN: "built", LINUX: "built", GLIBC: "built"},
    ),
    Module(
        "onnxruntime_go", "github.com/yalue/onnxruntime_go", "v1.27.0",
        ('ort "github.com/yalue/onnxruntime_go"',),
        "shown(ort.IsInitialized())",
        both(),
    ),
    Module(
        "go-fitz", "github.com/gen2brain/go-fitz", "v1.24.15",
        ('"github.com/gen2brain/go-fitz"',),
        """
        _, err := fitz.NewFromMemory([]byte("not a document"))
        shown(err != nil)
        """,
        both(), tags={LINUX: "musl"},
    ),
    Module(
        "go-pointer", "github.com/mattn/go-pointer", "v0.0.1",
        ('"github.com/mattn/go-pointer"',),
        'shown(pointer.Restore(pointer.Save("kept")))',
        both(),
    ),
    Module(
        "gojieba", "github.com/yanyiwu/gojieba", "v1.4.6",
        ('"github.com/yanyiwu/gojieba"',),
        """
        defer func() { shown(recover() != nil) }()
        gojieba.NewJieba("/no/such/dictionary")
        """,
        both(), note="C++",
    ),
    # Headers of Apple's frameworks: an SDK is needed, and has to be asked for by name.
    Module(
        "malgo", "github.com/gen2brain/malgo", "v0.11.23",
        ('"github.com/gen2brain/malgo"',),
        "shown(malgo.DefaultDeviceConfig(malgo.Playback).DeviceType == malgo.Playback)",
        {DARWIN: "framework-header CoreAudio", LINUX: "built"},
    ),
    Module(
        "karalabe/hid", "github.com/karalabe/hid", "v1.0.1-0.20240306101548-573246063e52",
        ('"github.com/karalabe/hid"',),
        "shown(hid.Supported())",
        {DARWIN: "framework-header IOKit", LINUX: "built"},
    ),
    Module(
        "fsevents", "github.com/fsnotify/fsevents", "v0.2.0",
        ('"github.com/fsnotify/fsevents"',),
        "shown(fsevents.LatestEventID())",
        {DARWIN: "framework-header CoreServices"},
    ),
    Module(
        "go-keychain", "github.com/keybase/go-keychain", "v0.0.1",
        ('"github.com/keybase/go-keychain"',),
        "shown(keychain.NewItem())",
        {DARWIN: "framework-header CoreFoundation"},
    ),
    Module(
        "glfw", "github.com/go-gl/glfw/v3.3/glfw", "v0.0.0-20260823155953-d41da22a9587",
        ('"github.com/go-gl/glfw/v3.3/glfw"',),
        "shown(glfw.GetVersionString())",
        {DARWIN: "framework-header Carbon", LINUX: "header X11/Xlib.h"},
    ),
    Module(
        "docker-credential-helpers", "github.com/docker/docker-credential-helpers", "v0.9.12",
        ('"github.com/docker/docker-credential-helpers/osxkeychain"',),
        "shown(osxkeychain.Osxkeychain{})",
        {DARWIN: "framework-header CoreFoundation"},
    ),
    Module(
        "go-m1cpu", "github.com/shoenig/go-m1cpu", "v0.2.4",
        ('m1cpu "github.com/shoenig/go-m1cpu"',),
        "shown(m1cpu.IsAppleSilicon())",
        {DARWIN: "framework-header CoreFoundation", LINUX: "built"},
        note="C code on macOS only",
    ),
    # Libraries of others.
    Module(
        "gopacket pcap", "github.com/google/gopacket", "v1.1.19",
        ('"github.com/google/gopacket/pcap"',),
        "shown(pcap.Version())",
        both("header pcap.h"),
    ),
    Module(
        "sqlite-vec", "github.com/asg017/sqlite-vec-go-bindings", "v0.1.6",
        ('vec "github.com/asg017/sqlite-vec-go-bindings/cgo"',),
        "vec.Auto()\nshown(1)",
        both("header sqlite3.h"),
    ),
    Module(
        "zmq4", "github.com/pebbe/zmq4", "v1.4.0",
        ('"github.com/pebbe/zmq4"',),
        "shown(zmq4.Version())",
        both("pkg-config libzmq"),
    ),
)
