#include "rewrite/java/log4j_advice.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace tenon::rewrite::java {
namespace {

constexpr Advice advice[] = {
    {"setLevel", "SLF4J cannot set a level: the implementation behind it does",
     "set it in the configuration of the implementation"},
    {"getLevel", "SLF4J does not tell the level", "ask isDebugEnabled() and its like"},
    {"getEffectiveLevel", "SLF4J does not tell the level", "ask isDebugEnabled() and its like"},
    {"addAppender", "SLF4J has no appenders",
     "configure the implementation: Logback's Appender is nearest"},
    {"removeAppender", "SLF4J has no appenders", "configure the implementation"},
    {"removeAllAppenders", "SLF4J has no appenders", "configure the implementation"},
    {"getAppender", "SLF4J has no appenders", "configure the implementation"},
    {"getAllAppenders", "SLF4J has no appenders", "configure the implementation"},
    {"setAdditivity", "SLF4J has no appenders", "configure the implementation"},
    {"callAppenders", "SLF4J has no appenders", "configure the implementation"},
    {"PropertyConfigurator", "SLF4J is not configured by the program",
     "give the implementation its configuration file"},
    {"BasicConfigurator", "SLF4J is not configured by the program",
     "give the implementation its configuration file"},
    {"NDC", "SLF4J has no nested context", "use org.slf4j.MDC, whose keys have names"},
    {"MDC", "org.slf4j.MDC takes Strings only", "import org.slf4j.MDC and pass Strings"},
    {"log", "the level is not a constant", "choose a method of SLF4J by the level"},
    {"isEnabledFor", "the level is not a constant", "choose a method of SLF4J by the level"},
    {"l7dlog", "SLF4J has no messages of resource bundles", "format the message"},
    {"assertLog", "SLF4J has no assertions", "write if (!condition) LOG.error(message)"},
    {"Level", "SLF4J 1.7 has no class for a level",
     "keep a String, or use the implementation's class"},
    {"Priority", "SLF4J 1.7 has no class for a level",
     "keep a String, or use the implementation's class"},
    {"LogManager", "SLF4J has only LoggerFactory.getLogger", "use the implementation's own class"},
    {"Logger", "a logger of one's own class or factory has no counterpart",
     "use org.slf4j.LoggerFactory.getLogger"},
};

}  // namespace

const Advice& advice_for(std::string_view api) {
  static constexpr Advice unknown{"", "SLF4J has no counterpart",
                                  "use the class of the implementation behind SLF4J"};
  const auto* found = std::ranges::find(advice, api, &Advice::api);
  return found == std::end(advice) ? unknown : *found;
}

}  // namespace tenon::rewrite::java
