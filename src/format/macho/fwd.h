// Names of the Mach-O reader, for headers that only pass its values on: a change of macho.h does
// not compile their readers again.
#pragma once

namespace tenon::macho {

class File;
struct BoundImport;
struct Export;
struct Range;
struct Slice;

}  // namespace tenon::macho
