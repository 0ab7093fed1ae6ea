#include "crossbuild/stubs/system_libraries.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace tenon {
namespace {

#define TENON_FRAMEWORK(name) "/System/Library/Frameworks/" name ".framework/Versions/A/" name

// Of libncurses 5.4, for all three names that it has.
constexpr std::string_view curses_names =
    "_initscr _endwin _isendwin _newterm _set_term _delscreen _newwin _delwin _subwin "
    "_subpad _newpad _derwin _dupwin _mvwin _mvderwin _mvcur _mvadd* _mvchgat _mvdelch "
    "_mvget* _mvhline* _mvin* _mvprintw _mvscanw _mvvline* _mvw* _wadd* _watt* _wbkg* "
    "_wborder* _wchgat _wclear _wclrto* _wcolor_set _wcursyncup _wdelch _wdeleteln _wecho* "
    "_wenclose _werase _wget* _whline* _win_wch* _winch* _winn* _wins* _winwstr _wmove "
    "_wmouse_trafo _wnoutrefresh _wprintw _wredrawln _wrefresh _wresize _wscanw _wscrl "
    "_wsetscrreg _wstand* _wsync* _wtimeout _wtouchln _wunctrl _wvline* _addch* _addn* "
    "_addstr _addwstr _add_wch* _attr_* _attroff _attron _attrset _assume_default_colors "
    "_baudrate _beep _bkgd* _bkgrnd* _border* _box* _can_change_color _cbreak _nocbreak "
    "_chgat _clear _clearok _clrtobot _clrtoeol _color_content _color_set _COLOR_PAIR "
    "_copywin _curs_set _curses_version _def_prog_mode _def_shell_mode _define_key "
    "_delay_output _delch _deleteln _doupdate _echo _echochar _echo_wchar _noecho _erase "
    "_erasechar _erasewchar _killchar _killwchar _filter _flash _flushinp _get_wch "
    "_get_wstr _getattrs _getbegx _getbegy _getbkgd _getbkgrnd _getcchar _getcurx _getcury "
    "_getmaxx _getmaxy _getmouse _getnstr _getn_wstr _getparx _getpary _getwin _has_colors "
    "_has_ic _has_il _has_key _halfdelay _hline* _idcok _idlok _immedok _in_wch* _inch* "
    "_init_color _init_pair _innstr _innwstr _insch _insdelln _insertln _insnstr _insstr "
    "_instr _ins_* _inwstr _intrflush _is_linetouched _is_wintouched _is_term_resized "
    "_key_name _keyname _keybound _keyok _key_defined _keypad _leaveok _longname _meta "
    "_mouse* _has_mouse _move _napms _nl _nonl _nodelay _nofilter _noqiflush _noraw "
    "_notimeout _overlay _overwrite _pair_content _PAIR_NUMBER _pecho* _pnoutrefresh "
    "_prefresh _printw _putp _putwin _qiflush _raw _redrawwin _refresh _reset_prog_mode "
    "_reset_shell_mode _resetty _savetty _resize_term _resizeterm _ripoffline _scanw _scr_* "
    "_scrl _scroll _scrollok _setcchar _setscrreg _setupterm _set_curterm _del_curterm "
    "_restartterm _set_tabsize _slk_* _standend _standout _start_color _syncok _termattrs "
    "_term_attrs _termname _tget* _tgoto _tiget* _tparm _tputs _timeout _touchline "
    "_touchwin _typeahead _unctrl _unget* _untouchwin _use_* _vid_* _vidattr _vidputs "
    "_vline* _vw* _stdscr _curscr _newscr _LINES _COLS _TABSIZE _ESCDELAY _COLORS "
    "_COLOR_PAIRS _acs_map __nc_wacs _ttytype _cur_term _PC _UP _BC _ospeed _boolnames "
    "_boolcodes _boolfnames _numnames _numcodes _numfnames _strnames _strcodes _strfnames"
    " _getch _getstr _is_cleared _is_idcok _is_idlok _is_immedok _is_keypad _is_leaveok"
    " _is_nodelay _is_notimeout _is_scrollok _is_syncok _mcprint";

// Sources: Apple's public headers name their functions and constants by these prefixes; Go's own
// //go:cgo_import_dynamic lines confirm CoreFoundation, Security and libresolv; install names are
// those in the load commands of shipped binaries. That an umbrella re-exports another framework is
// shown by public programs that link the umbrella alone: GLFW names Cocoa and calls CoreGraphics
// and UCKeyTranslate, fsevents names CoreServices and calls CoreFoundation, Gio names QuartzCore
// and calls CoreVideo.
constexpr SystemLibrary table[] = {
    // Plain libraries of /usr/lib.
    {"resolv", false, "/usr/lib/libresolv.9.dylib", "_res_* _dn_* _ns_* ___res_* _dns_*", ""},
    {"z", false, "/usr/lib/libz.1.dylib",
     "_deflate* _inflate* _compress _compress2 _compressBound _uncompress _uncompress2 _gz* _crc32*"
     " _adler32* _zlibVersion _zlibCompileFlags _zError _get_crc_table",
     ""},
    {"iconv", false, "/usr/lib/libiconv.2.dylib", "_iconv* _libiconv*", ""},
    {"objc", false, "/usr/lib/libobjc.A.dylib",
     "_objc_* _class_* _sel_* _method_* _ivar_* _object_* _protocol_* _property_* _imp_*"
     " __objc_* ___objc_* _OBJC_CLASS_$_NSObject _OBJC_METACLASS_$_NSObject"
     " _OBJC_EHTYPE_$_NSObject _OBJC_EHTYPE_id",
     ""},
    {"c++", false, "/usr/lib/libc++.1.dylib",
     "__ZNSt* __ZNKSt* __ZSt* __Zdl* __Zda* __Znw* __Zna* __ZTVSt* __ZTVNSt* __ZTTNSt* __ZTINSt*"
     " __ZTSNSt* __ZTISt* __ZTSSt* __ZTCNSt* __ZZNSt* __ZZNKSt* __ZTVN10__cxxabiv1* __ZTIPKc"
     " __ZTIPv __ZTIi __ZTIj __ZTIl __ZTIm __ZTId __ZTIf __ZTIc __ZTIb __ZTIDn ___cxa_* "
     "___gxx_personality_v0 ___dynamic_cast",
     "c++abi"},
    {"c++abi", false, "/usr/lib/libc++abi.dylib",
     "___cxa_* ___gxx_personality_v0 ___dynamic_cast __ZTVN10__cxxabiv1*", ""},
    {"sqlite3", false, "/usr/lib/libsqlite3.dylib", "_sqlite3_*", ""},
    {"bz2", false, "/usr/lib/libbz2.1.0.dylib", "_BZ2_*", ""},
    {"pcap", false, "/usr/lib/libpcap.A.dylib", "_pcap_* _bpf_*", ""},
    {"xml2", false, "/usr/lib/libxml2.2.dylib", "_xml* _html* ___xml*", ""},
    {"xslt", false, "/usr/lib/libxslt.1.dylib", "_xslt* _xsl*", ""},
    {"expat", false, "/usr/lib/libexpat.1.dylib", "_XML_*", ""},
    {"curl", false, "/usr/lib/libcurl.4.dylib", "_curl_*", ""},
    {"sasl2", false, "/usr/lib/libsasl2.2.dylib", "_sasl_*", ""},
    {"pam", false, "/usr/lib/libpam.2.dylib", "_pam_*", ""},
    {"ffi", false, "/usr/lib/libffi.dylib", "_ffi_*", ""},
    {"edit", false, "/usr/lib/libedit.3.dylib",
     "_el_* _history* _readline _add_history _rl_* _using_history _read_history _write_history"
     " _clear_history _current_history _next_history _previous_history _remove_history"
     " _replace_history_entry _stifle_history _unstifle_history _where_history"
     " _filename_completion_function _username_completion_function",
     ""},
    {"readline", false, "/usr/lib/libedit.3.dylib",
     "_el_* _history* _readline _add_history _rl_* _using_history _read_history _write_history"
     " _clear_history _current_history _next_history _previous_history _remove_history"
     " _replace_history_entry _stifle_history _unstifle_history _where_history"
     " _filename_completion_function _username_completion_function",
     ""},
    {"compression", false, "/usr/lib/libcompression.dylib", "_compression_*", ""},
    {"archive", false, "/usr/lib/libarchive.2.dylib", "_archive_*", ""},
    {"EndpointSecurity", false, "/usr/lib/libEndpointSecurity.dylib", "_es_*", ""},
    {"bsm", false, "/usr/lib/libbsm.0.dylib",
     "_au_* _audit_* _getac* _setac* _endac* _getau* _setau* _endau*", ""},
    {"cups", false, "/usr/lib/libcups.2.dylib", "_cups* _ipp* _http*", ""},
    {"icucore", false, "/usr/lib/libicucore.A.dylib",
     "_u_* _ucnv_* _unorm* _ucol_* _ubrk_* _uloc_*", ""},
    {"sandbox", false, "/usr/lib/libsandbox.1.dylib", "_sandbox_*", ""},
    {"network", false, "/usr/lib/libnetwork.dylib", "_nw_*", ""},
    {"charset", false, "/usr/lib/libcharset.1.dylib", "_locale_charset _libcharset*", ""},
    {"ncurses", false, "/usr/lib/libncurses.5.4.dylib", curses_names, ""},
    {"curses", false, "/usr/lib/libncurses.5.4.dylib", curses_names, ""},
    {"termcap", false, "/usr/lib/libncurses.5.4.dylib", curses_names, ""},
    {"panel", false, "/usr/lib/libpanel.5.4.dylib",
     "_new_panel _del_panel _panel_* _bottom_panel _top_panel _show_panel _hide_panel _move_panel "
     "_update_panels _set_panel_userptr _replace_panel",
     ""},
    {"form", false, "/usr/lib/libform.5.4.dylib",
     "_form_* _new_form* _free_form _post_form _unpost_form _set_form_* _set_field_* "
     "_set_fieldtype_* _free_fieldtype _field_*"
     " _new_field* _free_field _dup_field _link_field* _move_field _pos_form_cursor"
     " _set_current_field _current_field _set_new_page _new_page _set_max_field _data_* _scale_form"
     " _dynamic_field_info _TYPE_*",
     ""},
    {"menu", false, "/usr/lib/libmenu.5.4.dylib",
     "_menu_* _new_menu* _free_menu _post_menu _unpost_menu _set_menu_* _new_item _free_item"
     " _item_* _set_item_* _set_current_item _current_item _set_top_row _top_row _scale_menu"
     " _pos_menu_cursor",
     ""},

    // Frameworks.
    {"CoreFoundation", true, TENON_FRAMEWORK("CoreFoundation"),
     "_CF* _kCF* ___CFConstantStringClassReference ___CF* ___kCF* _NSArray _NSData _NSDate "
     "_NSDictionary"
     " _NSSet _NSURL _NSNull _NSTimer _NSTimeZone _NSLocale _NSRunLoop _NSException"
     " _NSInvocation _NSMethodSignature _NSMutableArray _NSMutableData _NSMutableDictionary"
     " _NSMutableSet _NSConstantArray _NSConstantDictionary _NSConstantIntegerNumber"
     " ___NSArray0__ ___NSDictionary0__",
     ""},
    {"Security", true, TENON_FRAMEWORK("Security"),
     "_Sec* _kSec* _SSL* _kSSL* _CSSM* _cssm* _Authorization* _kAuthorization* _CMSDecoder*"
     " _CMSEncoder* _kCMSEncoder* _AuthorizationRight*",
     ""},
    {"IOKit", true, TENON_FRAMEWORK("IOKit"), "_IO* _kIO* _kOSB*", ""},
    {"IOSurface", true, TENON_FRAMEWORK("IOSurface"), "_IOSurface* _kIOSurface*", ""},
    {"IOBluetooth", true, TENON_FRAMEWORK("IOBluetooth"), "_IOBluetooth*", ""},
    {"Foundation", true, "/System/Library/Frameworks/Foundation.framework/Versions/C/Foundation",
     "_NS*", "CoreFoundation objc"},
    {"AppKit", true, "/System/Library/Frameworks/AppKit.framework/Versions/C/AppKit", "_NS*",
     "ApplicationServices"},
    {"CoreData", true, TENON_FRAMEWORK("CoreData"),
     "_NSManagedObject* _NSPersistent* _NSFetch* _NSEntityDescription*", ""},
    {"Cocoa", true, TENON_FRAMEWORK("Cocoa"), "", "AppKit Foundation CoreData"},
    {"CoreServices", true, TENON_FRAMEWORK("CoreServices"),
     "_FSEvent* _kFSEvent* _LS* _kLS* _MD* _kMD* _UT* _kUT* _Gestalt _SK* _FS* _AE* _DCS* "
     "_Debugger",
     "CFNetwork CoreFoundation"},
    {"CFNetwork", true, TENON_FRAMEWORK("CFNetwork"),
     "_CFNetwork* _kCFNetwork* _CFHTTP* _kCFHTTP* _CFNetService* _CFHost* _kCFStreamError*"
     " _kCFProxy* _kCFStreamProperty* _kCFStreamSSL* _CFStreamCreatePairWithSocketToCFHost*",
     ""},
    {"SystemConfiguration", true, TENON_FRAMEWORK("SystemConfiguration"), "_SC* _kSC*", ""},
    {"ApplicationServices", true, TENON_FRAMEWORK("ApplicationServices"),
     "_AX* __AXUIElementGetWindow _kAX* _PM* _kPM* _GetProcess* _TransformProcessType "
     "_SetFrontProcess*",
     "CoreGraphics CoreText ImageIO ColorSync CoreServices"},
    {"Carbon", true, TENON_FRAMEWORK("Carbon"),
     "_TIS* _kTIS* _RegisterEventHotKey _UnregisterEventHotKey _InstallEventHandler _GetEvent*"
     " _UCKeyTranslate _LMGetKbd* _KBGetLayoutType",
     "ApplicationServices CoreServices"},
    {"CoreGraphics", true, TENON_FRAMEWORK("CoreGraphics"), "_CG* _kCG*", ""},
    {"CoreText", true, TENON_FRAMEWORK("CoreText"), "_CT* _kCT*", ""},
    {"ImageIO", true, TENON_FRAMEWORK("ImageIO"), "_CGImageSource* _CGImageDestination* _kCGImage*",
     ""},
    {"ColorSync", true, TENON_FRAMEWORK("ColorSync"), "_ColorSync* _kColorSync*", ""},
    {"CoreAudio", true, TENON_FRAMEWORK("CoreAudio"),
     "_AudioObject* _AudioDevice* _AudioHardware* _AudioStream* _AudioConvertHostTimeToNanos"
     " _AudioGet* _AudioDriver*",
     ""},
    {"AudioToolbox", true, TENON_FRAMEWORK("AudioToolbox"),
     "_Audio* _AU* _ExtAudioFile* _Music* _CAShow* _kAudio*", ""},
    {"AudioUnit", true, TENON_FRAMEWORK("AudioUnit"), "", "AudioToolbox"},
    {"CoreMIDI", true, TENON_FRAMEWORK("CoreMIDI"), "_MIDI* _kMIDI*", ""},
    {"CoreVideo", true, TENON_FRAMEWORK("CoreVideo"), "_CV* _kCV*", ""},
    {"CoreMedia", true, TENON_FRAMEWORK("CoreMedia"), "_CM* _kCM*", ""},
    {"VideoToolbox", true, TENON_FRAMEWORK("VideoToolbox"), "_VT* _kVT*", ""},
    {"AVFoundation", true, TENON_FRAMEWORK("AVFoundation"), "_AV*", "AVFAudio"},
    {"AVFAudio", true, TENON_FRAMEWORK("AVFAudio"), "_AVAudio*", ""},
    {"AVKit", true, TENON_FRAMEWORK("AVKit"), "_AVPlayerView* _AVRoute* _AVPicture*", ""},
    {"Metal", true, TENON_FRAMEWORK("Metal"), "_MTL*", ""},
    {"MetalKit", true, TENON_FRAMEWORK("MetalKit"), "_MTK*", ""},
    {"MetalPerformanceShaders", true, TENON_FRAMEWORK("MetalPerformanceShaders"), "_MPS*", ""},
    {"QuartzCore", true, TENON_FRAMEWORK("QuartzCore"), "_CA* _kCA*", "CoreImage CoreVideo"},
    {"OpenGL", true, TENON_FRAMEWORK("OpenGL"), "_gl* _CGL* _kCGL*", ""},
    {"OpenCL", true, TENON_FRAMEWORK("OpenCL"), "_cl*", ""},
    {"OpenAL", true, TENON_FRAMEWORK("OpenAL"), "_al*", ""},
    {"Accelerate", true, TENON_FRAMEWORK("Accelerate"),
     "_vDSP_* _cblas_* _catlas_* _vv* _BNNS* _vImage* _appleblas_* _sparse_*", ""},
    {"DiskArbitration", true, TENON_FRAMEWORK("DiskArbitration"), "_DA* _kDA*", ""},
    {"OpenDirectory", true, TENON_FRAMEWORK("OpenDirectory"), "_OD* _kOD*", "CFOpenDirectory"},
    {"LocalAuthentication", true, TENON_FRAMEWORK("LocalAuthentication"), "_LA* _kLA*", ""},
    {"ServiceManagement", true, TENON_FRAMEWORK("ServiceManagement"), "_SM* _kSM*", ""},
    {"CoreLocation", true, TENON_FRAMEWORK("CoreLocation"), "_CL* _kCL*", ""},
    {"CoreBluetooth", true, TENON_FRAMEWORK("CoreBluetooth"), "_CB*", ""},
    {"CoreWLAN", true, TENON_FRAMEWORK("CoreWLAN"), "_CW*", ""},
    {"CryptoTokenKit", true, TENON_FRAMEWORK("CryptoTokenKit"), "_TK*", ""},
    {"UserNotifications", true, TENON_FRAMEWORK("UserNotifications"), "_UN*", ""},
    {"UniformTypeIdentifiers", true, TENON_FRAMEWORK("UniformTypeIdentifiers"), "_UT*", ""},
    {"WebKit", true, TENON_FRAMEWORK("WebKit"), "_WK* _Web*", ""},
    {"Hypervisor", true, TENON_FRAMEWORK("Hypervisor"), "_hv_*", ""},
    {"Virtualization", true, TENON_FRAMEWORK("Virtualization"), "_VZ* __VZ*", ""},
    {"vmnet", true, TENON_FRAMEWORK("vmnet"), "_vmnet_*", ""},
    {"Network", true, TENON_FRAMEWORK("Network"), "_nw_* __nw_*", ""},
    {"NetworkExtension", true, TENON_FRAMEWORK("NetworkExtension"), "_NE*", ""},
    {"GSS", true, TENON_FRAMEWORK("GSS"), "_gss_* _GSS* ___gss_*", ""},
    {"Kerberos", true, TENON_FRAMEWORK("Kerberos"), "_krb5_* _gss_*", ""},
    {"LDAP", true, TENON_FRAMEWORK("LDAP"), "_ldap_* _ber_*", ""},
    {"ForceFeedback", true, TENON_FRAMEWORK("ForceFeedback"), "_FF*", ""},
    {"GameController", true, TENON_FRAMEWORK("GameController"), "_GC*", ""},
    {"ScreenCaptureKit", true, TENON_FRAMEWORK("ScreenCaptureKit"), "_SC*", ""},
    {"CoreML", true, TENON_FRAMEWORK("CoreML"), "_ML*", ""},
    {"Vision", true, TENON_FRAMEWORK("Vision"), "_VN*", ""},
    {"CoreImage", true, TENON_FRAMEWORK("CoreImage"), "_CI* _kCI*", ""},
    {"GLKit", true, TENON_FRAMEWORK("GLKit"), "_GLK*", ""},
    {"CloudKit", true, TENON_FRAMEWORK("CloudKit"), "_CK*", ""},
    {"PDFKit", true, TENON_FRAMEWORK("PDFKit"), "_PDF*", ""},
    {"QuickLook", true, TENON_FRAMEWORK("QuickLook"), "_QL* _kQL*", ""},
    {"StoreKit", true, TENON_FRAMEWORK("StoreKit"), "_SK* _SKErrorDomain", ""},
    {"EventKit", true, TENON_FRAMEWORK("EventKit"), "_EK*", ""},
    {"Contacts", true, TENON_FRAMEWORK("Contacts"), "_CN*", ""},
    {"Photos", true, TENON_FRAMEWORK("Photos"), "_PH*", ""},
    {"Symbols", true, TENON_FRAMEWORK("Symbols"), "_NSSymbol*", ""},
    {"OSAKit", true, TENON_FRAMEWORK("OSAKit"), "_OSA*", ""},
    {"ExceptionHandling", true, TENON_FRAMEWORK("ExceptionHandling"), "_NSExceptionHandler*", ""},
    {"SystemExtensions", true, TENON_FRAMEWORK("SystemExtensions"), "_OSSystemExtension*", ""},
    {"AuthenticationServices", true, TENON_FRAMEWORK("AuthenticationServices"), "_AS*", ""},
    {"DeviceCheck", true, TENON_FRAMEWORK("DeviceCheck"), "_DC*", ""},
    {"MediaPlayer", true, TENON_FRAMEWORK("MediaPlayer"), "_MP*", ""},
    {"MediaToolbox", true, TENON_FRAMEWORK("MediaToolbox"), "_MT*", ""},
    {"CoreSpotlight", true, TENON_FRAMEWORK("CoreSpotlight"), "_CS*", ""},
    {"CoreHaptics", true, TENON_FRAMEWORK("CoreHaptics"), "_CH*", ""},
    {"CoreMotion", true, TENON_FRAMEWORK("CoreMotion"), "_CMMotion*", ""},
    {"Accessibility", true, TENON_FRAMEWORK("Accessibility"), "_AXName*", ""},
    {"CoreMediaIO", true, TENON_FRAMEWORK("CoreMediaIO"), "_CMIO*", ""},
    {"MapKit", true, TENON_FRAMEWORK("MapKit"), "_MK*", ""},
    {"ModelIO", true, TENON_FRAMEWORK("ModelIO"), "_MDL*", ""},
    {"ImageCaptureCore", true, TENON_FRAMEWORK("ImageCaptureCore"), "_IC*", ""},
    {"JavaScriptCore", true, TENON_FRAMEWORK("JavaScriptCore"), "_JS* _kJS*", ""},
    {"SecurityFoundation", true, TENON_FRAMEWORK("SecurityFoundation"), "_SFAuthorization*", ""},
    {"Quartz", true, TENON_FRAMEWORK("Quartz"), "_IK*", "PDFKit"},
    {"PCSC", true, TENON_FRAMEWORK("PCSC"), "_SCard* _g_rgSCard* _pcsc_stringify_error", ""},
};

#undef TENON_FRAMEWORK

// What stands behind `count` underscores.
std::string_view behind(std::string_view text, int count) {
  for (; count > 0; --count) {
    const std::size_t at = text.find('_');
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + 1);
  }
  return text;
}

// The function behind a thunk of C++ and the variable behind a guard are ruled as these are: the
// encoding follows call offsets, h<n>_ or v<n>_<n>_ (Itanium C++ ABI, 5.1.4.1).
std::string_view thunk_encoding(std::string_view symbol) {
  if (symbol.starts_with("__ZGV")) return symbol.substr(5);
  if (!symbol.starts_with("__ZT") || symbol.size() < 6) return {};
  const std::string_view rest = symbol.substr(4);
  const auto offsets = [](char kind) { return kind == 'h' ? 1 : kind == 'v' ? 2 : 0; };
  if (rest[0] != 'c')
    return offsets(rest[0]) == 0 ? std::string_view() : behind(rest, offsets(rest[0]));
  const std::string_view second = behind(rest.substr(1), offsets(rest[1]));
  return second.empty() || offsets(second[0]) == 0 ? std::string_view()
                                                   : behind(second, offsets(second[0]));
}

// Classes and their parts are ruled by the class name: _OBJC_CLASS_$_NSArray as _NSArray.
std::string plain_name(std::string_view symbol) {
  if (const std::string_view encoding = thunk_encoding(symbol); !encoding.empty()) {
    return "__Z" + std::string(encoding);
  }
  static constexpr std::string_view prefixes[] = {"_OBJC_CLASS_$_", "_OBJC_METACLASS_$_",
                                                  "_OBJC_EHTYPE_$_", "_OBJC_IVAR_$_"};
  for (const std::string_view prefix : prefixes) {
    if (symbol.starts_with(prefix)) return "_" + std::string(symbol.substr(prefix.size()));
  }
  return std::string(symbol);
}

struct Fit {
  const SystemLibrary* library = nullptr;
  std::string_view rule;
  std::size_t strength = 0;              // characters of the rule; an exact name counts one more
  const SystemLibrary* owner = nullptr;  // whose rule it is; null when several own one as good
};

// The best rule of one row, or of a row that it re-exports.
Fit fit(const SystemLibrary& library, std::string_view symbol, std::string_view name, int depth) {
  Fit best;
  for (const std::string_view rule : split_words(library.symbols)) {
    const bool prefix = rule.ends_with('*');
    const std::string_view text = prefix ? rule.substr(0, rule.size() - 1) : rule;
    const auto fits = [&](std::string_view candidate) {
      return prefix ? candidate.starts_with(text) : candidate == text;
    };
    const std::size_t strength = text.size() + (prefix ? 0 : 1);
    if ((fits(symbol) || fits(name)) && strength > best.strength) {
      best = {&library, rule, strength, &library};
    }
  }
  if (depth == 0) return best;
  for (const std::string_view part : split_words(library.reexports)) {
    for (const bool framework : {true, false}) {
      const SystemLibrary* inner = find_system_library(part, framework);
      if (inner == nullptr) continue;
      const Fit found = fit(*inner, symbol, name, depth - 1);
      if (found.strength > best.strength) {
        best = {&library, found.rule, found.strength, found.owner};
      } else if (found.strength == best.strength && found.owner != best.owner) {
        best.owner = nullptr;
      }
    }
  }
  return best;
}

constexpr unsigned max_distance = 3;

// How many libraries lie between the two, 0 when `outer` itself names `inner`; nullopt when it does
// not re-export it.
std::optional<unsigned> distance(const SystemLibrary& outer, const SystemLibrary& inner,
                                 unsigned most = max_distance) {
  std::optional<unsigned> least;
  for (const std::string_view part : split_words(outer.reexports)) {
    if (part == inner.name) return 0;
    const SystemLibrary* next = find_system_library(part, true);
    if (next == nullptr || most == 0) continue;
    const auto behind_it = distance(*next, inner, most - 1);
    if (behind_it && (!least || *behind_it + 1 < *least)) least = *behind_it + 1;
  }
  return least;
}

bool reexports(const SystemLibrary& outer, const SystemLibrary& inner) {
  return distance(outer, inner).has_value();
}

// Whether all name the same library, whatever they reach it through: Cocoa and Carbon both lead to
// ApplicationServices.
bool one_owner(const std::vector<Fit>& fits) {
  const SystemLibrary* owner = fits.front().owner;
  return owner != nullptr &&
         std::ranges::all_of(fits, [&](const Fit& one) { return one.owner == owner; });
}

// The owner itself where the link names it, else the umbrella with the shortest way to it.
const Fit& nearest_to_owner(const std::vector<Fit>& fits) {
  return *std::ranges::min_element(fits, {}, [](const Fit& one) {
    if (one.library == one.owner) return 0U;
    return distance(*one.library, *one.owner).value_or(max_distance) + 1;
  });
}

// Several may be right when one re-exports the others. Where only one of its parts matches, that
// part exports the symbol; else the umbrella is right whichever part it is.
const Fit* the_umbrella(const std::vector<Fit>& fits) {
  const auto umbrella = std::ranges::find_if(fits, [&](const Fit& outer) {
    return std::ranges::all_of(fits, [&](const Fit& inner) {
      return inner.library == outer.library || reexports(*outer.library, *inner.library);
    });
  });
  if (umbrella == fits.end()) return nullptr;
  const auto owner = std::ranges::find_if(
      fits, [&](const Fit& inner) { return inner.library == umbrella->owner; });
  return owner == fits.end() ? &*umbrella : &*owner;
}

}  // namespace

std::span<const SystemLibrary> system_libraries() { return table; }

const SystemLibrary* find_system_library(std::string_view name, bool framework) {
  const auto row = std::ranges::find_if(table, [&](const SystemLibrary& library) {
    return library.name == name && library.framework == framework;
  });
  return row == std::end(table) ? nullptr : &*row;
}

std::optional<Exporter> find_exporter(std::string_view symbol,
                                      std::span<const NamedLibrary> named) {
  const std::string name = plain_name(symbol);
  std::vector<Fit> best;  // of equal strength, each with an install name of its own
  for (const NamedLibrary& library : named) {
    const SystemLibrary* row = find_system_library(library.name, library.framework);
    if (row == nullptr) continue;
    const Fit found = fit(*row, symbol, name, 3);
    if (found.strength == 0 || (!best.empty() && found.strength < best.front().strength)) continue;
    if (!best.empty() && found.strength > best.front().strength) best.clear();
    const bool known = std::ranges::any_of(
        best, [&](const Fit& other) { return other.library->install_name == row->install_name; });
    if (!known) best.push_back(found);
  }
  if (best.empty()) return std::nullopt;
  const Fit* exporter = one_owner(best) ? &nearest_to_owner(best) : the_umbrella(best);
  if (exporter == nullptr) return std::nullopt;
  return Exporter{exporter->library, exporter->rule};
}

std::vector<std::string_view> SymbolOwners::of(std::string_view symbol) const {
  if (!symbol.starts_with('_')) return {};
  std::string key(symbol.substr(1));
  for (const std::string_view part : {"OBJC_METACLASS_$_", "OBJC_EHTYPE_$_"}) {
    if (key.starts_with(part)) key = "OBJC_CLASS_$_" + key.substr(part.size());
  }
  key += '\t';
  // The first line that is not before the key: a binary search over bytes, each step from the start
  // of a line.
  std::size_t low = 0;
  std::size_t high = lines_.size();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    const std::size_t before = lines_.substr(0, middle).rfind('\n');
    const std::size_t start = before == std::string_view::npos || before < low ? low : before + 1;
    const std::size_t end = std::min(lines_.find('\n', start), lines_.size() - 1);
    if (lines_.substr(start, end - start) < key) {
      low = end + 1;
    } else {
      high = start;
    }
  }
  std::vector<std::string_view> out;
  while (lines_.substr(low).starts_with(key)) {
    const std::size_t end = std::min(lines_.find('\n', low), lines_.size());
    out.push_back(lines_.substr(low + key.size(), end - low - key.size()));
    low = std::min(end + 1, lines_.size());
  }
  return out;
}

std::optional<Exporter> find_exporter(std::string_view symbol, std::span<const NamedLibrary> named,
                                      const SymbolOwners& owners) {
  bool known = false;
  const SystemLibrary* umbrella = nullptr;
  std::optional<unsigned> nearest;  // of two umbrellas the one with the shorter way is right
  for (const std::string_view owner : owners.of(symbol)) {
    const SystemLibrary* row = find_system_library(owner, true);
    if (row == nullptr) continue;
    known = true;
    for (const NamedLibrary& library : named) {
      const SystemLibrary* candidate = find_system_library(library.name, library.framework);
      if (candidate == row) return Exporter{row, "tenon's headers"};
      const auto away = candidate == nullptr ? std::nullopt : distance(*candidate, *row);
      if (away && (!nearest || *away < *nearest)) {
        nearest = away;
        umbrella = candidate;
      }
    }
  }
  if (umbrella != nullptr) return Exporter{umbrella, "tenon's headers"};
  auto by_rule = find_exporter(symbol, named);
  if (known && by_rule && by_rule->rule.ends_with('*')) return std::nullopt;
  return by_rule;
}

std::vector<const SystemLibrary*> suggest_exporters(std::string_view symbol,
                                                    const SymbolOwners& owners) {
  std::vector<const SystemLibrary*> declared;
  for (const std::string_view owner : owners.of(symbol)) {
    if (const SystemLibrary* row = find_system_library(owner, true)) declared.push_back(row);
  }
  if (!declared.empty()) return declared;
  const std::string name = plain_name(symbol);
  std::vector<const SystemLibrary*> out;
  std::size_t strongest = 1;
  for (const SystemLibrary& library : table) {
    const Fit found = fit(library, symbol, name, 0);
    if (found.strength < strongest || found.strength < 3) continue;
    if (found.strength > strongest) out.clear();
    strongest = found.strength;
    out.push_back(&library);
  }
  return out;
}

}  // namespace tenon
