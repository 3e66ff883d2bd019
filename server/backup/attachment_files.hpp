// The files of attachments, kept by hash: store/ab/cdef… In a backup they lie under the same names, so that
// each is copied once, however many backups name it; sealed ones end in the name of their salt and ".sealed",
// since a passphrase that was changed opens no earlier ones.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "server/backup/dump_reader.hpp"
#include "server/backup/seal.hpp"
#include "shared/core/result.hpp"

namespace dits {

struct AttachmentPlaces {
  std::string store;   // data directory/attachments
  std::string backup;  // backups/attachments
};

// Hashes of attachments that the store does not hold unharmed.
struct AttachmentsKept {
  std::vector<std::string> missing = {};  // the backup does not hold them either
  std::vector<std::string> damaged = {};  // the backup holds them, from an earlier time
};

// Puts what is missing there, or harmed, into the backup: files of their own, which share their blocks with
// the store where the file system can; sealed when there is a passphrase. All are read and compared with
// their hashes, in the store and in the backup. `is_stopped`, when given, is set by somebody else: give up
// soon. Errors: unavailable.
Result<AttachmentsKept> back_up_attachments(const AttachmentPlaces& places,
                                            const std::vector<DumpedAttachment>& attachments,
                                            SealKeys& keys,
                                            const std::atomic<bool>* is_stopped = nullptr);

// Hashes that are not to be had.
struct LackingAttachments {
  std::vector<std::string> missing;  // neither place holds them unharmed
  int locked = 0;                    // of these, how many are sealed with another passphrase
};

// Puts what is missing in the store back from the backup, each compared with its hash. Nothing is ever taken
// away from the store, and what is there already counts as just written, so that nobody clears it away before
// a row speaks of it. Errors: unavailable.
Result<LackingAttachments> restore_attachments(const AttachmentPlaces& places,
                                               const std::vector<DumpedAttachment>& attachments,
                                               SealKeys& keys);

// Does the backup hold this one, openable and unharmed? Errors: unavailable; invalid, kind "passphrase", when
// it is there, sealed with another one.
Result<bool> holds_attachment(const std::string& backup, const std::string& sha256, SealKeys& keys);

// Hashes that backups name, apart by whether these are sealed.
struct WantedAttachments {
  std::vector<std::string> plain;
  std::vector<std::string> sealed;
};

// Removes from the backup what nobody wants, and what a killed program left half written.
void remove_unwanted_attachments(const std::string& backup, WantedAttachments wanted);

}  // namespace dits
