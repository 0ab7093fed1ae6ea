#include "macos_headers/emit.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "macos_headers/parser.h"
#include "macos_headers/world.h"

using namespace macos_headers;

namespace {

// The header of one framework called F, from one module.
Header header_of(std::string_view source, Settings settings = {}) {
  Framework framework;
  settings.name = "F";
  framework.settings = settings;
  parse_module("generated/M", source, framework.declarations);
  World world;
  world.add(framework);
  return emit(world, framework);
}

bool has(const Header& header, std::string_view line) {
  return header.text.contains("\n" + std::string(line) + "\n");
}

constexpr std::string_view object = R"(
#[doc(alias = "CFThingRef")]
#[repr(C)]
pub struct CFThing { inner: [u8; 0], _p: UnsafeCell<PhantomData<()>> }
cf_type!( unsafe impl CFThing {} );
cf_objc2_type!( unsafe impl RefEncode<"__CFThing"> for CFThing {} );
)";

}  // namespace

TEST_CASE("headers: a Core Foundation object is its Ref type behind one pointer") {
  const Header header = header_of(std::string(object) + R"(
extern "C-unwind" {
    pub fn F1(a: Option<&CFThing>, b: *mut *const CFThing) -> Option<NonNull<CFThing>>;
})");
  CHECK(has(header, "typedef struct __CFThing *CFThingRef;"));
  CHECK(has(header, "TENON_EXTERN CFThingRef F1(CFThingRef, CFThingRef *);"));
  CHECK(header.left_out.empty());
}

TEST_CASE("headers: whether a Ref type points to const is a setting") {
  const Header header = header_of(object, {.pointers_are_const = {"CF*"}});
  CHECK(has(header, "typedef const struct __CFThing *CFThingRef;"));
}

TEST_CASE("headers: a function inside of a wrapper of Rust counts, and once") {
  const Header header = header_of(R"(
#[inline]
pub unsafe extern "C-unwind" fn F1(a: *mut c_void) -> bool {
    extern "C-unwind" { fn F1(a: *mut c_void) -> Boolean; }
    let ret = unsafe { F1(a) };
    ret != 0
}
pub(crate) type Boolean = u8;
)");
  CHECK(has(header, "TENON_EXTERN Boolean F1(void *);"));
  CHECK(header.symbols == std::vector<std::string>{"F1"});
}

TEST_CASE("headers: enumerations keep their C names and evaluated values") {
  const Header header = header_of(R"(
#[repr(transparent)]
pub struct Mode(pub i32);
impl Mode {
    #[doc(alias = "kModeA")]
    pub const A: Self = Self(1 << 4);
    #[doc(alias = "kModeB")]
    pub const B: Self = Self(Mode::A.0 | 1);
    #[doc(alias = "kModeTop")]
    pub const Top: Self = Self(0x80000000);
}
)");
  CHECK(has(header, "TENON_ENUM_BEGIN(int32_t, Mode)"));
  CHECK(has(header, "  kModeA = 16,"));
  CHECK(has(header, "  kModeB = 17,"));
  CHECK(has(header, "  kModeTop = (-2147483647 - 1),"));
}

TEST_CASE("headers: bits are an option set") {
  const Header header = header_of(R"(
pub struct Bits(pub NSUInteger);
bitflags::bitflags! {
    impl Bits: NSUInteger {
        #[doc(alias = "FBitOne")]
        const One = 1<<0;
    }
})");
  CHECK(has(header, "TENON_OPTIONS_BEGIN(NSUInteger, Bits)"));
  CHECK(has(header, "  FBitOne = 1,"));
}

TEST_CASE("headers: a macro of the crate is evaluated or told, never taken for its argument") {
  const Header header = header_of(R"(
pub const kNTLM: u32 = AUTH_TYPE_FIX_!(0x6e746c6d);
pub const kError: c_int = iokit_common_err!(0x2bc);
pub const kOther: u32 = UNHEARD_OF!(7);
)");
  // 'ntlm' as SecBase.h has it on a little-endian processor; kIOReturnError of the IOKit
  // documentation.
  CHECK(has(header, "  kNTLM = 1835824238,"));
  CHECK(has(header, "  kError = -536870212,"));
  REQUIRE(header.left_out.size() == 1);
  CHECK(header.left_out[0].name == "kOther");
}

TEST_CASE("headers: a framework by modules keeps the functions of each apart") {
  Settings settings;
  settings.by_module = true;
  const Header header =
      header_of("extern \"C\" { pub fn F1(a: c_int); }\npub const kA: c_int = 1;", settings);
  CHECK_FALSE(header.text.contains("F1"));
  CHECK(has(header, "  kA = 1,"));
  REQUIRE(header.modules.size() == 1);
  CHECK(header.modules.at("M") == "TENON_EXTERN void F1(int);\n");
}

// cgo reads an enumerator of a fixed type as a signed number: -1 for this one.
TEST_CASE("headers: a constant beyond the signed range is a macro, not an enumerator") {
  const Header header = header_of("pub const kAll: u64 = 0xFFFFFFFFFFFFFFFF;");
  CHECK(has(header, "#define kAll 18446744073709551615ULL"));
}

TEST_CASE("headers: strings end where C's do") {
  const Header header = header_of(
      "pub const kKey: &CStr = unsafe { CStr::from_bytes_with_nul_unchecked(b\"Vendor\\0\") };");
  CHECK(has(header, "#define kKey \"Vendor\""));
}

TEST_CASE("headers: a structure stands behind those that it holds by value") {
  const Header header = header_of(R"(
#[repr(C, packed(2))]
pub struct Outer { pub inner_part: Inside, pub next: *mut Outer, pub list: [u8; 4] }
#[repr(C)]
pub struct Inside { pub call: Option<unsafe extern "C-unwind" fn(*const c_char) -> c_int> }
)");
  const std::size_t inside = header.text.find("struct Inside {\n  int (*call)(const char *);\n};");
  const std::size_t outer = header.text.find(
      "#pragma pack(push, 2)\nstruct Outer {\n  Inside inner_part;\n  Outer *next;\n  uint8_t "
      "list[4];\n};");
  CHECK(inside != std::string::npos);
  CHECK(outer != std::string::npos);
  CHECK(inside < outer);
}

TEST_CASE("headers: classes, their methods, errors at the end, generics and protocols") {
  const Header header = header_of(R"(
extern_class!(
    #[unsafe(super(NSObject))]
    pub struct NSError;
);
extern_protocol!(
    pub unsafe trait FWatching: NSObjectProtocol {
        #[optional]
        #[unsafe(method(box:didOpen:))]
        unsafe fn box_didOpen(&self, r#box: &FBox, open: bool);
    }
);
extern_class!(
    #[unsafe(super(NSObject))]
    pub struct FBox<T: ?Sized = AnyObject>;
);
impl<T: Message> FBox<T> {
    extern_methods!(
        #[unsafe(method(initWithSize:))]
        #[unsafe(method_family = init)]
        pub unsafe fn initWithSize(this: Allocated<Self>, size: NSUInteger) -> Retained<Self>;

        #[unsafe(method(boxes))]
        #[unsafe(method_family = none)]
        pub unsafe fn boxes(mtm: MainThreadMarker) -> Retained<FBox<T>>;

        #[unsafe(method(openAndReturnError:_))]
        #[unsafe(method_family = none)]
        pub unsafe fn open(&self) -> Result<(), Retained<NSError>>;

        #[unsafe(method(newName))]
        #[unsafe(method_family = none)]
        pub unsafe fn newName(&self) -> Option<Retained<ProtocolObject<dyn FWatching>>>;
    );
})");
  CHECK(has(header, "@interface FBox<__covariant T> : NSObject"));
  CHECK(has(header, "- (instancetype)initWithSize:(NSUInteger)a0;"));
  CHECK(has(header, "+ (FBox<T> *)boxes;"));
  CHECK(has(header, "- (BOOL)openAndReturnError:(NSError **)a0;"));
  // The family that ARC would take for granted is another one.
  CHECK(has(header, "- (id<FWatching>)newName __attribute__((objc_method_family(none)));"));
  CHECK(header.text.contains(
      "@protocol FWatching <NSObject>\n@optional\n- (void)box:(FBox *)a0 didOpen:(BOOL)a1;\n@end"));
}

TEST_CASE(
    "headers: what is for another system does not count, and what is not understood is told") {
  const Header header = header_of(R"(
#[cfg(target_os = "ios")]
pub const kOnlyThere: i32 = 1;
extern "C" { pub fn F1(a: Unheard); pub fn F2(a: (i32, i32)); }
pub const kOdd: i32 = unknowable;
)");
  CHECK_FALSE(header.text.contains("kOnlyThere"));
  REQUIRE(header.left_out.size() == 3);
  CHECK(header.left_out[0].name == "kOdd");
  CHECK(header.left_out[0].reason == "the value of unknowable is not known");
  CHECK(header.left_out[1].name == "F1");
  CHECK(header.left_out[1].reason == "nothing declares Unheard");
  CHECK(header.left_out[2].reason == "a tuple");
}

TEST_CASE("headers: a getter that begins with is has a property of the rest of its name") {
  const Header header = header_of(R"(
extern_class!( #[unsafe(super(NSObject))] pub struct FBox; );
impl FBox { extern_methods!(
    #[unsafe(method(isOpen))] pub fn isOpen(&self) -> bool;
    #[unsafe(method(isURLThere))] pub fn isURLThere(&self) -> bool;
    #[unsafe(method(island))] pub fn island(&self) -> bool;
    #[unsafe(method(fill:))] pub fn fill(&self, bytes: NonNull<c_void>);
); }
pub static FNormal: NSInteger = 1000;
)");
  CHECK(has(header, "@property(readonly, getter=isOpen) BOOL open;"));
  CHECK(has(header, "@property(readonly, getter=isURLThere) BOOL URLThere;"));
  CHECK(has(header, "- (BOOL)island;"));
  CHECK(has(header, "- (void)fill:(const void *)a0;"));
  CHECK(has(header, "  FNormal = 1000,"));
}

TEST_CASE("parser: hostile text ends, with a reason") {
  for (const std::string_view text :
       {"pub struct", "extern \"C\" {", "impl X {", "pub const a: [u8; = 1;", "/* no end",
        "\"no end", "extern_class!(", "pub type A = Option<Option<", "#[cfg(not(", "}}}}",
        "pub enum E { A = }", "impl X { extern_methods!( #[unsafe(method(a:))] fn", "pub static",
        "'", "b'", "fn f("}) {
    CAPTURE(text);
    Declarations out;
    parse_module("m", text, out);
    CHECK(out.functions.empty());
  }
  std::string deep(20000, '(');
  Declarations out;
  parse_module("m", "pub const a: i32 = " + deep, out);
  CHECK(out.constants.empty());
}

// As endpoint-sec-sys writes what C has no names for.
TEST_CASE("headers: an enumeration that grew with macOS is whole, and its end is counted") {
  const Header header = header_of(R"(
ffi_wrap_enum!(
    /// A kind
    kind_t(u32);
    == LAST;
    KIND_LAST,
    == MACOS_10_15_0;
    KIND_A = 0,
    --
    KIND_B = 0x7,
    == #[cfg(feature = "macos_13_0_0")] 13_0_0 "13.0.0";
    --
    KIND_C = 9,
);
)");
  CHECK(header.text.contains("  KIND_A = 0,\n  KIND_B = 7,\n  KIND_C = 9,\n  KIND_LAST = 10,\n"));
  CHECK(header.left_out.empty());
}

TEST_CASE("headers: types that only the bindings name are written where they are used") {
  const Header header = header_of(R"(
pub struct event_t {
    pub file: ShouldNotBeNull<file_t>,
    pub anon_0: event_t_anon_0,
    pub place: event_t_anon_1,
    pub type_: i32,
}
pub union event_t_anon_0 {
    _reserved: [u8; 64],
    pub anon_0: ManuallyDrop<event_t_anon_0_anon_0>,
}
pub struct event_t_anon_0_anon_0 { pub fd: c_int, }
pub union event_t_anon_1 { pub uid: u32, }
pub struct file_t { pub length: usize, }
)");
  CHECK(
      header.text.contains("struct event_t {\n  file_t *file;\n  union {\n  uint8_t reserved[64];\n"
                           "  struct {\n  int fd;\n  };\n  };\n  union {\n  uint32_t uid;\n"
                           "  } place;\n  int32_t type;\n};\n"));
  CHECK_FALSE(header.text.contains("anon"));
}
