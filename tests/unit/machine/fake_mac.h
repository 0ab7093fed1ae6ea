// A Mac that is a folder: the probes read its files and run its programs, which print what real
// ones print. No Mac was at hand: paths and keys are those of Apple's documentation.
#pragma once

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "host/files.h"
#include "machine/probe/probe.h"

namespace tenon::machines {

class FakeMac {
 public:
  FakeMac() : folder_(make_temporary_folder("tenon-mac").value()) {
    machine_.root = folder_.path;
    machine_.goos = "darwin";
    machine_.goarch = "arm64";
    machine_.translated = false;
    machine_.environment = [this](const char* name) -> std::optional<std::string> {
      const auto found = environment_.find(name);
      if (found == environment_.end()) return std::nullopt;
      return found->second;
    };
    environment_ = {{"PATH", "/usr/local/go/bin:/opt/homebrew/bin:/usr/bin"}, {"HOME", "/Users/a"}};
  }

  void file(const std::string& path, std::string_view text, unsigned mode = 0644) {
    REQUIRE(write_text(folder_.path + path, text, mode).has_value());
  }

  void program(const std::string& path, const std::string& says) {
    file(path, "#!/bin/sh\n" + says + "\n", 0755);
  }

  void link(const std::string& path, const std::string& target) {
    REQUIRE(make_folders(std::string(folder_of(folder_.path + path))).has_value());
    REQUIRE(::symlink(target.c_str(), (folder_.path + path).c_str()) == 0);
  }

  void tools() {
    program("/Library/Developer/CommandLineTools/usr/bin/clang", "exit 0");
    file("/Library/Developer/CommandLineTools/SDKs/MacOSX.sdk/SDKSettings.json",
         R"({"CanonicalName":"macosx26.4","Version":"26.4"})");
    file("/Library/Developer/CommandLineTools/SDKs/MacOSX.sdk/usr/lib/libSystem.tbd",
         "--- !tapi-tbd\ntbd-version: 4\ntargets: [ x86_64-macos, arm64e-macos ]\n"
         "install-name: '/usr/lib/libSystem.B.dylib'\n...\n");
    file("/var/db/receipts/com.apple.pkg.CLTools_Executables.plist",
         "<plist "
         "version=\"1.0\"><dict><key>PackageVersion</key><string>26.4.0.0.1</string></dict></"
         "plist>");
    link("/var/db/xcode_select_link", "/Library/Developer/CommandLineTools");
  }

  MachineAccess machine_;
  std::map<std::string, std::string> environment_;

 private:
  TemporaryFolder folder_;
};

inline constexpr auto limit = std::chrono::milliseconds(5000);

// Mach-O 64-bit: magic, CPU_TYPE_ARM64 or CPU_TYPE_X86_64.
inline std::string macho(unsigned char cpu) {
  std::string out(32, '\0');
  out[0] = '\xcf';
  out[1] = '\xfa';
  out[2] = '\xed';
  out[3] = '\xfe';
  out[4] = static_cast<char>(cpu);
  out[7] = 1;
  return out;
}

}  // namespace tenon::machines
