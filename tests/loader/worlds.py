"""Small root directories with programs and libraries, and the real loaders that run in them.

A world is one C library on one processor: how to compile for it, what a root needs, and how a program is started in
a root (chroot, under qemu-user where the processor is another one).
"""
import ctypes
import os
import re
import shutil
import subprocess
from pathlib import Path


def run(*command, **more):
    return subprocess.run([str(one) for one in command], check=True, capture_output=True, **more)


LIBC = ctypes.CDLL(None, use_errno=True)
NEW_MOUNTS, RECURSIVE, PRIVATE = 0x20000, 0x4000, 0x40000


def mount_proc(root):
    """In a mount namespace of this process alone; ld.so reads /proc/self/exe for $ORIGIN."""
    if LIBC.unshare(NEW_MOUNTS) or LIBC.mount(None, b"/", None, RECURSIVE | PRIVATE, None):
        return False
    return LIBC.mount(b"proc", f"{root}/proc".encode(), b"proc", 0, None) == 0


def can_mount():
    child = os.fork()
    if child == 0:
        os._exit(0 if mount_proc("") else 1)
    return os.waitpid(child, 0)[1] == 0


def have(*programs):
    return all(shutil.which(one) for one in programs)


class World:
    name = "amd64-glibc"
    compiler = "gcc"
    target = "linux/amd64"
    interpreter = "/lib64/ld-linux-x86-64.so.2"
    folder = "/lib/x86_64-linux-gnu"  # of libc.so.6
    libc_name = "libc.so.6"
    qemu = None
    musl = False
    other = ("aarch64-linux-gnu-gcc",)  # for the wrong processor

    def __init__(self, work):
        self.work = Path(work) / self.name
        self.work.mkdir(parents=True, exist_ok=True)
        self.options = self.capability_options()

    def problem(self):
        if os.geteuid() != 0:
            return "chroot needs root"
        if not can_mount():
            return "mounting /proc in a namespace is needed"
        if not have(self.compiler, "patchelf"):
            return f"{self.compiler} and patchelf are needed"
        return None

    def capability_options(self):
        """The subdirectories that this machine's loader searches."""
        text = subprocess.run([self.interpreter, "--help"], capture_output=True, text=True).stdout
        wide = re.findall(r"^  (x86-64-v\d) \(supported", text, re.M)
        old = text.partition("Legacy HWCAP")[2]
        platform = re.findall(r"^  (\w+) \(AT_PLATFORM; supported", old, re.M)
        rest = [one for one in re.findall(r"^  (\w+) \(supported", old, re.M) if one != "tls"]
        out = ["--hwcaps", ",".join(wide)]
        if old:
            out += ["--legacy-hwcaps", ",".join(["tls", *platform, *rest])]
        return out

    def fill(self, root):
        """What each root has: the loader and the C library."""
        root = Path(root)
        (root / self.folder[1:]).mkdir(parents=True, exist_ok=True)
        (root / "etc").mkdir(exist_ok=True)
        for one in ("libc.so.6", "libm.so.6"):
            shutil.copy(Path(self.folder) / one, root / self.folder[1:] / one)
        shutil.copy(self.interpreter, root / self.folder[1:] / Path(self.interpreter).name)
        (root / self.interpreter[1:]).parent.mkdir(parents=True, exist_ok=True)
        os.symlink(f"{self.folder}/{Path(self.interpreter).name}", root / self.interpreter[1:])

    def link_flags(self):
        return []

    def compile(self, source, output, *flags, compiler=None):
        path = Path(str(output) + ".c")
        path.write_text(source)
        run(compiler or self.compiler, "-O0", "-w", path, "-o", output, *flags, *self.link_flags())
        path.unlink()
        return Path(output)

    def library(self, source, output, *flags, compiler=None):
        return self.compile(source, output, "-shared", "-fPIC", *flags, compiler=compiler)

    def start(self, root, program, environment, argv0=None, user=0):
        """(status, standard output, standard error); status is an OSError number when execve refuses."""
        command = [argv0 or program]
        executable = program
        if self.qemu:
            command = ["qemu", program]
            executable = "/qemu"

        def enter():
            mount_proc(root)
            os.chroot(root)
            os.chdir("/")
            if user:
                os.setgid(user)
                os.setuid(user)
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.close(read)
                out = os.open(f"{self.work}/out", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
                err = os.open(f"{self.work}/err", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
                os.dup2(out, 1)
                os.dup2(err, 2)
                import resource
                resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
                enter()
                os.execve(executable, command, environment)
            except OSError as error:
                os.write(write, str(error.errno).encode())
            finally:
                os._exit(99)
        os.close(write)
        refused = os.read(read, 16)
        os.close(read)
        _, status = os.waitpid(child, 0)
        out = Path(f"{self.work}/out").read_text(errors="replace")
        err = Path(f"{self.work}/err").read_text(errors="replace")
        if refused:
            return ("errno", int(refused)), out, err
        if os.WIFSIGNALED(status):
            return ("signal", os.WTERMSIG(status)), out, err
        return ("exit", os.WEXITSTATUS(status)), out, err


class Arm64(World):
    name = "arm64-glibc"
    compiler = "aarch64-linux-gnu-gcc"
    target = "linux/arm64"
    interpreter = "/lib/ld-linux-aarch64.so.1"
    folder = "/lib/aarch64-linux-gnu"
    other = ("gcc",)

    def __init__(self, work, sysroot):
        self.sysroot = Path(sysroot)
        self.qemu = shutil.which("qemu-aarch64-static")
        super().__init__(work)

    def problem(self):
        if not self.qemu:
            return "qemu-aarch64-static is needed"
        if not (self.sysroot / self.folder[1:] / "libc.so.6").exists():
            return "no sysroot with libc6"
        return super().problem()

    def capability_options(self):
        return ["--legacy-hwcaps", "tls,aarch64,atomics"]

    def fill(self, root):
        root = Path(root)
        (root / self.folder[1:]).mkdir(parents=True, exist_ok=True)
        (root / "etc").mkdir(exist_ok=True)
        for one in ("libc.so.6", "libm.so.6", "ld-linux-aarch64.so.1"):
            shutil.copy(self.sysroot / self.folder[1:] / one, root / self.folder[1:] / one)
        os.symlink(f"{self.folder}/ld-linux-aarch64.so.1", root / self.interpreter[1:])
        shutil.copy(self.qemu, root / "qemu")


class Small(World):
    """A processor of 32 bits: clang and lld build with the headers and start files of a sysroot."""
    compiler = "clang-19"
    other = ("gcc",)
    triple = ""
    emulator = None  # "qemu-arm-static"; None: this machine runs it
    legacy = ""

    def __init__(self, work, sysroot):
        self.sysroot = Path(sysroot)
        self.qemu = shutil.which(self.emulator) if self.emulator else None
        super().__init__(work)

    def problem(self):
        if not (self.sysroot / self.folder[1:] / "libc.so.6").exists() or not have(self.compiler, "ld.lld-19"):
            return "clang-19, lld-19 and a sysroot with libc6-dev and libgcc-12-dev are needed"
        if self.emulator and not self.qemu:
            return f"{self.emulator} is needed"
        return super().problem()

    def fill(self, root):
        root = Path(root)
        (root / self.folder[1:]).mkdir(parents=True, exist_ok=True)
        (root / "etc").mkdir(exist_ok=True)
        for one in ("libc.so.6", "libm.so.6", Path(self.interpreter).name):
            shutil.copy(self.sysroot / self.folder[1:] / one, root / self.folder[1:] / one)
        os.symlink(f"{self.folder}/{Path(self.interpreter).name}", root / self.interpreter[1:])
        if self.qemu:
            shutil.copy(self.qemu, root / "qemu")

    def capability_options(self):
        return ["--legacy-hwcaps", self.legacy]

    def link_flags(self):
        return [f"--target={self.triple}", f"--sysroot={self.sysroot}", "-fuse-ld=lld", "-Wl,--undefined-version"]


class I386(Small):
    name = "386-glibc"
    other = ("aarch64-linux-gnu-gcc",)  # this machine runs programs of 64 bits
    target = "linux/386"
    triple = "i386-linux-gnu"
    interpreter = "/lib/ld-linux.so.2"
    folder = "/lib/i386-linux-gnu"
    legacy = "tls,i686,sse2"


class ArmHard(Small):
    name = "armhf-glibc"
    target = "linux/arm"
    triple = "arm-linux-gnueabihf"
    interpreter = "/lib/ld-linux-armhf.so.3"
    folder = "/lib/arm-linux-gnueabihf"
    emulator = "qemu-arm-static"
    legacy = "tls,v8l,neon,vfp"


class Musl(World):
    name = "amd64-musl"
    interpreter = "/lib/ld-musl-x86_64.so.1"
    libc_name = "libc.so"
    musl = True
    entry = ".globl _start\\n_start: and $-16,%rsp\\ncall start_c\\n"
    path_file = "/etc/ld-musl-x86_64.path"

    def problem(self):
        if not Path("/lib/ld-musl-x86_64.so.1").exists():
            return "musl's loader is needed (package musl)"
        return super().problem()

    def capability_options(self):
        return []

    def fill(self, root):
        root = Path(root)
        for one in ("lib", "usr/lib", "usr/local/lib", "etc"):
            (root / one).mkdir(parents=True, exist_ok=True)
        shutil.copy(os.path.realpath("/lib/ld-musl-x86_64.so.1"), root / "lib/ld-musl-x86_64.so.1")

    def stub(self):
        """A library that stands for musl's while linking."""
        path = self.work / "stub"
        path.mkdir(exist_ok=True)
        if not (path / "libc.so").exists():
            source = "long write(){return 0;} void _exit(){} char *getenv(){return 0;} " \
                     "int strcmp(){return 0;}"
            (path / "stub.c").write_text(source)
            run(self.compiler, "-w", "-fno-builtin", "-shared", "-fPIC", "-nostdlib", "-Wl,-soname,libc.so",
                path / "stub.c", "-o", path / "libc.so")
        return path

    def compile(self, source, output, *flags, compiler=None):
        if compiler is None:
            flags = ("-nostdlib", "-fno-builtin", "-fno-stack-protector", *flags, self.stub() / "libc.so")
            if "-shared" not in flags:
                flags += (f"-Wl,--dynamic-linker={self.interpreter}",)
                source += "\nvoid start_c(void){ _exit(main()); }\n" \
                          f"__asm__(\"{self.entry}\");\n"
        return super().compile(source, output, *flags, compiler=compiler)


class MuslArm64(Musl):
    name = "arm64-musl"
    compiler = "aarch64-linux-gnu-gcc"
    target = "linux/arm64:musl"
    interpreter = "/lib/ld-musl-aarch64.so.1"
    other = ("gcc",)
    entry = ".globl _start\\n_start: mov x29, #0\\nmov x30, #0\\nbl start_c\\n"
    path_file = "/etc/ld-musl-aarch64.path"

    def __init__(self, work, sysroot):
        self.sysroot = Path(sysroot)
        self.qemu = shutil.which("qemu-aarch64-static")
        super().__init__(work)

    def loader(self):
        return self.sysroot / "usr/lib" / Path(self.interpreter).name

    def problem(self):
        if not self.qemu or not self.loader().exists():
            return "qemu-aarch64-static and a sysroot with musl are needed"
        return World.problem(self)

    def fill(self, root):
        root = Path(root)
        for one in ("lib", "usr/lib", "usr/local/lib", "etc"):
            (root / one).mkdir(parents=True, exist_ok=True)
        shutil.copy(self.loader().resolve(), root / self.interpreter[1:])
        shutil.copy(self.qemu, root / "qemu")
