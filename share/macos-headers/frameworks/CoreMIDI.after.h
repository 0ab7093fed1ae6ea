// The inline functions that walk through packets. They lie at multiples of four bytes on arm64.
static inline MIDIPacket *MIDIPacketNext(const MIDIPacket *packet) {
  const uintptr_t end = (uintptr_t)&packet->data[packet->length];
#if defined(__arm__) || defined(__aarch64__)
  return (MIDIPacket *)((end + 3) & ~(uintptr_t)3);
#else
  return (MIDIPacket *)end;
#endif
}

static inline MIDIEventPacket *MIDIEventPacketNext(const MIDIEventPacket *packet) {
  return (MIDIEventPacket *)(uintptr_t)&packet->words[packet->wordCount];
}
