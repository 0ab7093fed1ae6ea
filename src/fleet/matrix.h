// The matrix of `tenon fleet run`: a JSON file of modules, targets and Go versions, and the cells
// that it stands for. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::fleet {

struct Module {
  std::string name;                   // of its outputs' directory
  std::string folder;                 // as the file says: relative to it
  std::vector<std::string> packages;  // "." where the file names none
  std::vector<std::string> flags;
};

// What an exclusion names; empty: any.
struct Exclusion {
  std::string module, target, go;
};

struct Matrix {
  std::vector<Module> modules;
  std::vector<std::string> targets;
  std::vector<std::string> go;  // "1.26.8"; empty: that of this machine
  std::vector<Exclusion> exclude;
  std::vector<std::string> flags;  // of all cells
  std::chrono::seconds timeout{3600};
};

// Where the file is wrong.
struct MatrixError {
  std::size_t line = 1;
  std::string key;  // "modules[1].dir"
  std::string reason;
};

// At most 1 MB, 1000 cells.
[[nodiscard]] std::expected<Matrix, MatrixError> read_matrix(std::string_view text);

// The JSON schema of the file.
[[nodiscard]] std::string matrix_schema();

// One build: `tenon build` of one module for one target with one Go.
struct Cell {
  std::size_t module = 0;  // in Matrix::modules
  std::string target, go;  // "linux/arm64", "1.26.8"

  // "app linux/arm64 go1.26.8".
  [[nodiscard]] std::string name(const Matrix& matrix) const;
  // Of its outputs: "app/linux_arm64/go1.26.8".
  [[nodiscard]] std::string folder(const Matrix& matrix) const;
};

// In the order of the file. `usual_go` stands where the matrix names no version.
[[nodiscard]] std::vector<Cell> cells_of(const Matrix& matrix, std::string_view usual_go);

// What the cell's worker runs, without the program: "build", packages, options.
[[nodiscard]] std::vector<std::string> arguments_of(const Matrix& matrix, const Cell& cell);

}  // namespace tenon::fleet
