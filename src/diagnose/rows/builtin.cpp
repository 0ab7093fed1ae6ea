#include "diagnose/rows/builtin.h"

#include <string_view>
#include <vector>

#include "diagnose/rows/read.h"
#include "diagnose/rows/row.h"

namespace tenon::rows {
namespace {

constexpr std::string_view text =
#include "diagnose/rows/builtin.inc"  // made by scripts/make_rows.py
    ;

}  // namespace

const std::vector<Row>& builtin_rows() {
  static const Read read = read_rows(text, "built-in rows", Origin::tenon);
  return read.rows;
}

}  // namespace tenon::rows
