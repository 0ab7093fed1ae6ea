#include "fleet/matrix.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "diag/render/render.h"
#include "diag/report.h"
#include "fleet/json_place.h"

namespace tenon::fleet {
namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 20U;
constexpr std::size_t most_cells = 1000;

// Options of `tenon build` that a cell has itself, or that name a file of this machine.
constexpr std::array<std::string_view, 18> refused{
    "--target", "--targets-file", "--out",  "-o",     "--sdk",     "--sysroot",
    "--format", "--json",         "--save", "--html", "--dry-run", "--timings",
    "--quiet",  "--verbose",      "--help", "-C",     "--color",   "--"};

// Reads one file, and keeps the first mistake with its place.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::expected<Matrix, MatrixError> run() {
    if (text_.size() > most_bytes) return wrong("a file of more than 1 MB");
    if (const auto at = json_error(text_)) {
      return std::unexpected(MatrixError{line_at(text_, *at), "JSON", "not JSON from here on"});
    }
    const auto data = parse_data(text_);
    if (!data) return wrong("not JSON: a text that is not UTF-8");
    Matrix out;
    matrix(*data, out);
    if (failed_) return std::unexpected(error_);
    return out;
  }

 private:
  static std::unexpected<MatrixError> wrong(const char* reason) {
    return std::unexpected(MatrixError{1, "JSON", reason});
  }

  void fail(std::string reason) {
    if (failed_) return;
    failed_ = true;
    error_.line = json_line(text_, path_);
    for (const std::string& step : path_) {
      if (!error_.key.empty() && !step.starts_with('[')) error_.key += '.';
      error_.key += step;
    }
    if (error_.key.empty()) error_.key = "the file";
    error_.reason = std::move(reason);
  }

  template <class Do>
  void at(std::string step, Do work) {
    path_.push_back(std::move(step));
    work();
    path_.pop_back();
  }

  // Each key of an object, by `member`, which says whether it knows the key.
  template <class Member>
  void object(const Data& data, Member member) {
    const auto* pairs = std::get_if<Data::Object>(&data.value());
    if (pairs == nullptr) return fail("an object is expected");
    for (const auto& pair : *pairs) {
      at(pair.first, [&] {
        if (!member(pair.first, pair.second)) fail("this key is unknown");
      });
      if (failed_) return;
    }
  }

  template <class Element>
  void list(const Data& data, Element element) {
    const auto* items = std::get_if<Data::Array>(&data.value());
    if (items == nullptr) return fail("a list is expected");
    for (std::size_t i = 0; i < items->size() && !failed_; ++i) {
      at("[" + std::to_string(i) + "]", [&] { element((*items)[i]); });
    }
  }

  void text(const Data& data, std::string& out) {
    const auto* value = std::get_if<std::string>(&data.value());
    if (value == nullptr) return fail("a text is expected");
    if (value->empty()) return fail("the text is empty");
    if (value->contains('\0')) return fail("the text has a zero byte");
    out = *value;
  }

  void texts(const Data& data, std::vector<std::string>& out) {
    list(data, [&](const Data& item) {
      out.emplace_back();
      text(item, out.back());
    });
  }

  void flags(const Data& data, std::vector<std::string>& out) {
    list(data, [&](const Data& item) {
      out.emplace_back();
      text(item, out.back());
      const auto name = std::string_view(out.back()).substr(0, out.back().find('='));
      if (std::ranges::find(refused, name) != refused.end()) {
        fail("a cell has this option itself, or it names a file of this machine");
      }
    });
  }

  void name(const Data& data, std::string& out) {
    text(data, out);
    if (failed_) return;
    constexpr std::string_view allowed =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    if (out.find_first_not_of(allowed) != std::string::npos || out.starts_with('.') ||
        out.starts_with('-') || out.size() > 100) {
      fail("a name has letters, digits, '.', '_' and '-', and begins with a letter or a digit");
    }
  }

  // Whether it is one that can be built is for the build to say: it knows all their forms.
  void target(const Data& data, std::string& out) {
    text(data, out);
    if (failed_) return;
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789./:_-";
    const bool letter = out.front() >= 'a' && out.front() <= 'z';
    if (!letter || out.find_first_not_of(allowed) != std::string::npos || !out.contains('/')) {
      fail("a target is expected, as linux/arm64");
    }
  }

  void go_version(const Data& data, std::string& out) {
    text(data, out);
    if (failed_) return;
    if (out.starts_with("go")) out.erase(0, 2);
    if (out.empty() || out.find_first_not_of("0123456789.rcbeta") != std::string::npos) {
      fail("a version of Go is expected, as 1.26.8");
    }
  }

  void module(const Data& data, Module& out) {
    object(data, [&](const std::string& key, const Data& value) {
      if (key == "name") return name(value, out.name), true;
      if (key == "dir") return text(value, out.folder), true;
      if (key == "packages") return texts(value, out.packages), true;
      if (key == "flags") return flags(value, out.flags), true;
      return false;
    });
    if (!failed_ && out.folder.empty()) fail("dir is missing");
    if (failed_) return;
    const auto operand = [](const std::string& package) { return package.starts_with('-'); };
    if (std::ranges::any_of(out.packages, operand)) return fail("a package begins with '-'");
    if (out.packages.empty()) out.packages.emplace_back(".");
    if (!out.name.empty()) return;
    const auto slash = out.folder.find_last_of('/');
    Data last(out.folder.substr(slash == std::string::npos ? 0 : slash + 1));
    name(last, out.name);
    if (failed_) error_.reason = "the module needs a name: its directory's cannot be used";
  }

  void exclusion(const Data& data, Exclusion& out) {
    object(data, [&](const std::string& key, const Data& value) {
      if (key == "module") return text(value, out.module), true;
      if (key == "target") return text(value, out.target), true;
      if (key == "go") return go_version(value, out.go), true;
      return false;
    });
  }

  void timeout(const Data& data, std::chrono::seconds& out) {
    const auto* value = std::get_if<std::int64_t>(&data.value());
    if (value == nullptr || *value < 1 || *value > 86'400) {
      return fail("seconds from 1 to 86400 are expected");
    }
    out = std::chrono::seconds(*value);
  }

  void matrix(const Data& data, Matrix& out) {
    object(data, [&](const std::string& key, const Data& value) {
      if (key == "modules") {
        list(value, [&](const Data& item) { module(item, out.modules.emplace_back()); });
      } else if (key == "targets") {
        list(value, [&](const Data& item) { target(item, out.targets.emplace_back()); });
      } else if (key == "go") {
        list(value, [&](const Data& item) { go_version(item, out.go.emplace_back()); });
      } else if (key == "exclude") {
        list(value, [&](const Data& item) { exclusion(item, out.exclude.emplace_back()); });
      } else if (key == "flags") {
        flags(value, out.flags);
      } else if (key == "timeout_seconds") {
        timeout(value, out.timeout);
      } else {
        return key == "$schema";
      }
      return true;
    });
    if (failed_) return;
    check(out);
  }

  void check(const Matrix& out) {
    if (out.modules.empty()) return fail("modules is missing or empty");
    if (out.targets.empty()) return fail("targets is missing or empty");
    const std::size_t versions = std::max<std::size_t>(out.go.size(), 1);
    if (out.modules.size() * out.targets.size() * versions > most_cells) {
      return fail("more than 1000 cells");
    }
    for (std::size_t i = 0; i < out.modules.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (out.modules[i].name != out.modules[j].name) continue;
        path_ = {"modules", "[" + std::to_string(i) + "]", "name"};
        return fail("another module has this name");
      }
    }
    for (std::size_t i = 0; i < out.exclude.size(); ++i) {
      const std::string& module = out.exclude[i].module;
      const auto named = [&](const Module& one) { return one.name == module; };
      if (module.empty() || std::ranges::any_of(out.modules, named)) continue;
      path_ = {"exclude", "[" + std::to_string(i) + "]", "module"};
      return fail("no module has this name");
    }
  }

  std::string_view text_;
  std::vector<std::string> path_;
  MatrixError error_;
  bool failed_ = false;
};

bool excluded(const Matrix& matrix, const Cell& cell) {
  return std::ranges::any_of(matrix.exclude, [&](const Exclusion& one) {
    return (one.module.empty() || one.module == matrix.modules[cell.module].name) &&
           (one.target.empty() || one.target == cell.target) &&
           (one.go.empty() || one.go == cell.go);
  });
}

}  // namespace

std::expected<Matrix, MatrixError> read_matrix(std::string_view text) { return Reader(text).run(); }

std::string Cell::name(const Matrix& matrix) const {
  return matrix.modules[module].name + " " + target + " go" + go;
}

std::string Cell::folder(const Matrix& matrix) const {
  std::string system = target;
  std::ranges::replace_if(system, [](char c) { return c == '/' || c == ':'; }, '_');
  return matrix.modules[module].name + "/" + system + "/go" + go;
}

std::vector<Cell> cells_of(const Matrix& matrix, std::string_view usual_go) {
  std::vector<std::string> versions = matrix.go;
  if (versions.empty()) versions.emplace_back(usual_go);
  std::vector<Cell> out;
  for (std::size_t module = 0; module < matrix.modules.size(); ++module) {
    for (const std::string& target : matrix.targets) {
      for (const std::string& go : versions) {
        Cell cell{module, target, go};
        if (!excluded(matrix, cell)) out.push_back(std::move(cell));
      }
    }
  }
  return out;
}

std::vector<std::string> arguments_of(const Matrix& matrix, const Cell& cell) {
  const Module& module = matrix.modules[cell.module];
  std::vector<std::string> out{"build"};
  out.insert(out.end(), module.packages.begin(), module.packages.end());
  out.insert(out.end(), {"--target", cell.target, "--out", "out"});
  out.insert(out.end(), matrix.flags.begin(), matrix.flags.end());
  out.insert(out.end(), module.flags.begin(), module.flags.end());
  // A worker has no repository around the module: what go would write of it is left out.
  out.insert(out.end(), {"-buildvcs=false", "--json"});
  return out;
}

std::string matrix_schema() {
  return R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "matrix of tenon fleet run",
  "type": "object",
  "properties": {
    "$schema": {"type": "string"},
    "modules": {
      "type": "array",
      "minItems": 1,
      "items": {
        "type": "object",
        "properties": {
          "name": {"type": "string", "pattern": "^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$"},
          "dir": {"type": "string", "minLength": 1},
          "packages": {"type": "array", "items": {"type": "string", "pattern": "^[^-]"}},
          "flags": {"type": "array", "items": {"type": "string", "minLength": 1}}
        },
        "required": ["dir"],
        "additionalProperties": false
      }
    },
    "targets": {
      "type": "array",
      "minItems": 1,
      "items": {"type": "string", "pattern": "^[a-z][a-z0-9./:_-]*/[a-z0-9./:_-]*$"}
    },
    "go": {"type": "array", "items": {"type": "string", "pattern": "^(go)?[0-9.rcbeta]+$"}},
    "exclude": {
      "type": "array",
      "items": {
        "type": "object",
        "properties": {
          "module": {"type": "string", "minLength": 1},
          "target": {"type": "string", "minLength": 1},
          "go": {"type": "string", "pattern": "^(go)?[0-9.rcbeta]+$"}
        },
        "additionalProperties": false
      }
    },
    "flags": {"type": "array", "items": {"type": "string", "minLength": 1}},
    "timeout_seconds": {"type": "integer", "minimum": 1, "maximum": 86400}
  },
  "required": ["modules", "targets"],
  "additionalProperties": false
}
)";
}

}  // namespace tenon::fleet
