// A link of the compiler wrapper, decided before anything runs: the linker's command line and the
// files that it needs. Pure; run/link.h writes the files and starts the linker.
//
// How a program for macOS is linked without Apple's SDK. The linker wants a library for every
// -framework and -lNAME, and a library that provides every symbol that the inputs leave open; it
// does not want their code, which only the Mac has. So for each link, and only for what this link
// uses, text stubs (.tbd: an install name and a list of symbols) are made:
//
//   1. Inputs. Each argument that names a file is read. -lNAME and -framework NAME are looked up in
//      the folders of -L and -F (library_search.h). What is found is an input or, when it is
//      dynamic, says which symbols it provides. What is not found is a library of the system.
//   2. Closure (stubs/undefined_symbols.h). As a linker does, members of archives are taken when
//      something asks for them, until nothing new is asked for. What stays undefined and no found
//      library provides is open. Objects may carry -framework and -l options of their own: these
//      are named too, and looked up the same way.
//   3. Exporters (stubs/system_libraries.h). libSystem.tbd, which zig brings, lists its symbols; of
//      the other libraries of macOS, the named one whose name rule matches exports an open symbol
//      (_CF* is CoreFoundation, _inflate* is libz). Nothing is guessed: a wrong exporter links and
//      then fails at load time on the Mac ("Symbol not found ... Expected in"). A symbol without
//      one is refused with a suggestion (TN0404), or looked up by name at run time if the user said
//      so (--flat-lookup). With an SDK its own stubs say which library exports what.
//   4. Stubs (stubs/stub_maker.h). One .tbd for each named system library, with just those symbols,
//      in a folder below the cache that is named after the contents: parallel links never disagree.
//   5. The mark. Where tenon's headers of macOS are in use, an object with a section that says so
//      is linked (format/macho/headers_mark.h): `tenon inspect` reads it.
//   6. The command. The folder is searched last (-L, -F), so that a library that the user has
//      counts. An object for a newer macOS raises the deployment target when nobody chose one.
//
// A link for Linux needs none of this: zig brings its C library. There the archives are only
// looked through for names of glibc that musl lacks (compat/archive_needs.h).
#pragma once

#include <string>
#include <vector>

#include "base/file_source.h"
#include "crossbuild/driver/driver.h"
#include "crossbuild/stubs/stub_maker.h"
#include "crossbuild/trace.h"

namespace tenon {

// The arguments of a link after the flag table: parsed once.
struct LinkArguments {
  FilteredFlags flags;
  std::vector<std::string> host_folders;  // search folders of this machine that were left out
};

[[nodiscard]] LinkArguments link_arguments(const CcConfig& config, std::vector<DriverArg> args);

struct LinkPlan {
  std::vector<std::string> argv;
  std::string stub_folder;      // where `stubs` go; empty when the link has none
  std::vector<StubFile> stubs;  // paths are relative to the folder
  bool any_folder = false;      // no argument depends on the working folder
  bool availability = false;    // inputs use @available, and the engine has no library for it
  std::string coff_image;       // of a link for Windows: its stamps are settled (coff_stamps.h)
  bool keeps_pdb = false;       // the PDB file beside it was asked for
  std::vector<TraceRecord> trace;
};

// A Mach-O link by zig or lld. The findings: TN0309 a refused flag, TN0403 a library that is not
// known, TN0404 symbols that no named library exports, TN0407 an input for another target, TN0105
// an unreadable stub.
[[nodiscard]] Outcome<LinkPlan> plan_macho_link(const CcConfig& config, LinkArguments arguments,
                                                FileSource& files);

// A link for Linux, or by Apple's own driver. `sysroot` are the folders of a sysroot that exist.
[[nodiscard]] Outcome<LinkPlan> plan_plain_link(const CcConfig& config,
                                                const LinkArguments& arguments,
                                                std::vector<std::string> sysroot);

// A flag that the engine cannot carry out, as a finding.
[[nodiscard]] Finding refused_flag(const CcConfig& config, const FilteredFlags::Note& note);

// Whether the result is the same in every working folder: all paths are absolute.
[[nodiscard]] bool folder_independent(const std::vector<DriverArg>& args);

}  // namespace tenon
