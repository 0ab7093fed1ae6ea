#include "rewrite/java/library.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>

namespace tenon::rewrite::java {
namespace {

// jar tf log4j-1.2.17.jar, public classes of org/apache/log4j.
constexpr std::string_view log4j[] = {"Appender",
                                      "AppenderSkeleton",
                                      "AsyncAppender",
                                      "BasicConfigurator",
                                      "Category",
                                      "ConsoleAppender",
                                      "DailyRollingFileAppender",
                                      "DefaultThrowableRenderer",
                                      "EnhancedPatternLayout",
                                      "EnhancedThrowableRenderer",
                                      "FileAppender",
                                      "HTMLLayout",
                                      "Hierarchy",
                                      "Layout",
                                      "Level",
                                      "LogMF",
                                      "LogManager",
                                      "LogSF",
                                      "LogXF",
                                      "Logger",
                                      "MDC",
                                      "NDC",
                                      "PatternLayout",
                                      "Priority",
                                      "PropertyConfigurator",
                                      "RollingFileAppender",
                                      "SimpleLayout",
                                      "TTCCLayout",
                                      "WriterAppender"};
constexpr std::string_view lang[] = {"Boolean",
                                     "Byte",
                                     "CharSequence",
                                     "Character",
                                     "Class",
                                     "ClassNotFoundException",
                                     "Double",
                                     "Error",
                                     "Exception",
                                     "Float",
                                     "IllegalArgumentException",
                                     "IllegalStateException",
                                     "IndexOutOfBoundsException",
                                     "Integer",
                                     "InterruptedException",
                                     "Iterable",
                                     "Long",
                                     "Math",
                                     "NullPointerException",
                                     "Number",
                                     "NumberFormatException",
                                     "Object",
                                     "OutOfMemoryError",
                                     "Runnable",
                                     "RuntimeException",
                                     "SecurityException",
                                     "Short",
                                     "String",
                                     "StringBuffer",
                                     "StringBuilder",
                                     "System",
                                     "Thread",
                                     "Throwable",
                                     "UnsupportedOperationException"};
constexpr std::string_view jul[] = {"ConsoleHandler", "FileHandler", "Formatter", "Handler",
                                    "Level",          "LogManager",  "LogRecord", "Logger"};
constexpr std::string_view slf4j[] = {"ILoggerFactory", "Logger",       "LoggerFactory", "MDC",
                                      "Marker",         "MarkerFactory"};
constexpr std::string_view commons[] = {"Log", "LogFactory"};

struct Package {
  std::string_view name;
  const std::string_view* first;
  const std::string_view* last;
};

constexpr Package packages[] = {
    {"org.apache.log4j", std::begin(log4j), std::end(log4j)},
    {"java.lang", std::begin(lang), std::end(lang)},
    {"java.util.logging", std::begin(jul), std::end(jul)},
    {"org.slf4j", std::begin(slf4j), std::end(slf4j)},
    {"org.apache.commons.logging", std::begin(commons), std::end(commons)}};

}  // namespace

bool is_class_of_log4j(std::string_view simple_name) {
  return std::ranges::find(log4j, simple_name) != std::end(log4j);
}

bool is_known_class(std::string_view full_name) {
  const std::size_t dot = full_name.rfind('.');
  if (dot == std::string_view::npos) return false;
  const auto* package = std::ranges::find(packages, full_name.substr(0, dot), &Package::name);
  return package != std::end(packages) &&
         std::find(package->first, package->last, full_name.substr(dot + 1)) != package->last;
}

bool is_throwable(std::string_view full_name) {
  return full_name.ends_with("Exception") || full_name.ends_with("Error") ||
         full_name == "java.lang.Throwable";
}

}  // namespace tenon::rewrite::java
