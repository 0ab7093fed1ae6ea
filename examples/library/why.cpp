// Why did a build fail? Reads its log from standard input. Exit code 2 when no known cause fits.
#include <tenon/explain.h>

#include <iostream>
#include <iterator>
#include <string>

int main() {
  const std::string log(std::istreambuf_iterator<char>(std::cin), {});
  const tenon::api::Explanation why = tenon::api::explain(log);
  if (!why.known()) {
    std::cout << "unknown: " << why.tool << " failed\n";
    return 2;
  }
  const tenon::api::Cause& cause = why.causes.front();
  std::cout << cause.code << ' ' << cause.message << " (" << name(cause.confidence) << ")\n";
  for (const auto& [line, text] : cause.evidence)
    std::cout << "  line " << line << ": " << text << '\n';
  for (const auto& command : cause.commands) {
    std::cout << "  $";
    for (const std::string& word : command) std::cout << ' ' << word;
    std::cout << '\n';
  }
}
