//! What the system knows of this process.

use std::fs;

/// Memory that the process has, in bytes. `None` where the system does not tell, as outside Linux.
#[must_use]
pub fn memory() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u32 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(f64::from(kibibytes) * 1024.0)
}

/// Files and sockets that the process has open. `None` where the system does not tell.
#[must_use]
pub fn open_files() -> Option<u32> {
    u32::try_from(fs::read_dir("/proc/self/fd").ok()?.count()).ok()
}
