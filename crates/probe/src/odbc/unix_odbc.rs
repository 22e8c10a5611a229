//! The driver manager, where this machine has one: it is looked for when a test needs it, so that a gateway is built and started without.

use std::ffi::c_void;
use std::ptr::null_mut;

use libloading::Library;
use zeroize::Zeroizing;

/// unixODBC; Windows has its own.
const NAME: &str = if cfg!(windows) {
    "odbc32.dll"
} else {
    "libodbc.so.2"
};
/// As long as a text of the manager or a driver may be, in characters.
const MAX_TEXT: usize = 1024;
/// As many messages of one failure as are read.
const MAX_MESSAGES: i16 = 8;

type Handle = *mut c_void;
type AllocHandle = unsafe extern "system" fn(i16, Handle, *mut Handle) -> i16;
type SetEnvAttr = unsafe extern "system" fn(Handle, i32, Handle, i32) -> i16;
type Drivers =
    unsafe extern "system" fn(Handle, u16, *mut u16, i16, *mut i16, *mut u16, i16, *mut i16) -> i16;
type DriverConnect =
    unsafe extern "system" fn(Handle, Handle, *const u16, i16, *mut u16, i16, *mut i16, u16) -> i16;
type ExecDirect = unsafe extern "system" fn(Handle, *const u16, i32) -> i16;
type Fetch = unsafe extern "system" fn(Handle) -> i16;
type GetDiagRec =
    unsafe extern "system" fn(i16, Handle, i16, *mut u16, *mut i32, *mut u16, i16, *mut i16) -> i16;

/// Kinds of handles.
const ENVIRONMENT: i16 = 1;
const CONNECTION: i16 = 2;
const STATEMENT: i16 = 3;
/// `SQL_ATTR_ODBC_VERSION`, and 3.
const VERSION_ATTRIBUTE: i32 = 200;
const VERSION: usize = 3;
/// `SQL_FETCH_NEXT`.
const NEXT: u16 = 1;
/// `SQL_DRIVER_NOPROMPT`.
const WITHOUT_QUESTIONS: u16 = 0;

/// One message of a failure.
#[derive(Debug)]
pub(super) struct Message {
    /// SQLSTATE: five characters.
    pub(super) state: String,
    /// The data store's own number.
    pub(super) number: i32,
    pub(super) text: String,
}

/// The manager, and an environment of it. What is allocated in it ends with the process, which has one test to do.
pub(super) struct Manager {
    environment: Handle,
    drivers: Drivers,
    allocate: AllocHandle,
    connect: DriverConnect,
    execute: ExecDirect,
    fetch: Fetch,
    diagnose: GetDiagRec,
}

/// A connection that is there.
pub(super) struct Connection<'a> {
    manager: &'a Manager,
    handle: Handle,
}

impl Manager {
    /// Finds it.
    pub(super) fn load() -> Option<Self> {
        #[allow(unsafe_code, reason = "only the system can load a library")]
        // SAFETY: by a name without a folder the system's own library is found, whose beginning expects nothing of us. It is never unloaded:
        // drivers leave things behind that run when the process ends.
        let library: &'static Library = Box::leak(Box::new(unsafe { Library::new(NAME) }.ok()?));
        #[allow(
            unsafe_code,
            reason = "a function of a library has no type that could be checked"
        )]
        // SAFETY: the types are those of sql.h and sqlext.h, which have not changed since ODBC 3.0.
        let (set, mut manager) = unsafe {
            let set: SetEnvAttr = *library.get(b"SQLSetEnvAttr\0").ok()?;
            let manager = Self {
                environment: null_mut(),
                drivers: *library.get(b"SQLDriversW\0").ok()?,
                allocate: *library.get(b"SQLAllocHandle\0").ok()?,
                connect: *library.get(b"SQLDriverConnectW\0").ok()?,
                execute: *library.get(b"SQLExecDirectW\0").ok()?,
                fetch: *library.get(b"SQLFetch\0").ok()?,
                diagnose: *library.get(b"SQLGetDiagRecW\0").ok()?,
            };
            (set, manager)
        };
        manager.environment = manager.new_handle(ENVIRONMENT, null_mut())?;
        let version = std::ptr::without_provenance_mut(VERSION);
        #[allow(unsafe_code, reason = "a function of C")]
        // SAFETY: the environment is there; a number goes where a pointer could.
        let done = unsafe { set(manager.environment, VERSION_ATTRIBUTE, version, 0) };
        is_done(done).then_some(manager)
    }

    /// The names under which drivers are registered.
    pub(super) fn drivers(&self) -> Vec<String> {
        let mut names = Vec::new();
        loop {
            let (mut name, mut attributes) = ([0; MAX_TEXT], [0; MAX_TEXT]);
            let (mut name_length, mut attributes_length) = (0, 0);
            #[allow(unsafe_code, reason = "a function of C")]
            // SAFETY: both buffers are as long as is said, and each length has a place.
            let done = unsafe {
                (self.drivers)(
                    self.environment,
                    NEXT,
                    name.as_mut_ptr(),
                    length_of(&name),
                    &raw mut name_length,
                    attributes.as_mut_ptr(),
                    length_of(&attributes),
                    &raw mut attributes_length,
                )
            };
            if !is_done(done) {
                return names;
            }
            names.push(text_of(&name, name_length));
        }
    }

    /// Connects, by this string.
    ///
    /// # Errors
    /// What the manager and the driver say.
    pub(super) fn connect(&self, text: &str) -> Result<Connection<'_>, Vec<Message>> {
        let handle = self.new_handle(CONNECTION, self.environment);
        let handle = handle.ok_or_else(Vec::new)?;
        let mut wide = Zeroizing::new(Vec::with_capacity(text.len()));
        wide.extend(text.encode_utf16());
        let length = i16::try_from(wide.len()).map_err(|_| Vec::new())?;
        #[allow(unsafe_code, reason = "a function of C")]
        // SAFETY: the text is as long as is said; nothing is written, since there is no room for an answer.
        let done = unsafe {
            (self.connect)(
                handle,
                null_mut(),
                wide.as_ptr(),
                length,
                null_mut(),
                0,
                null_mut(),
                WITHOUT_QUESTIONS,
            )
        };
        match is_done(done) {
            true => Ok(Connection {
                manager: self,
                handle,
            }),
            false => Err(self.messages(CONNECTION, handle)),
        }
    }

    fn new_handle(&self, kind: i16, parent: Handle) -> Option<Handle> {
        let mut handle = null_mut();
        #[allow(unsafe_code, reason = "a function of C")]
        // SAFETY: the parent is a handle that is there, or none for an environment; the place for the new one is ours.
        let done = unsafe { (self.allocate)(kind, parent, &raw mut handle) };
        (is_done(done) && !handle.is_null()).then_some(handle)
    }

    fn messages(&self, kind: i16, handle: Handle) -> Vec<Message> {
        let mut messages = Vec::new();
        for index in 1..=MAX_MESSAGES {
            let (mut state, mut text) = ([0; 6], [0; MAX_TEXT]);
            let (mut number, mut length) = (0, 0);
            #[allow(unsafe_code, reason = "a function of C")]
            // SAFETY: SQLSTATE has five characters and an end; the text's buffer is as long as is said.
            let done = unsafe {
                (self.diagnose)(
                    kind,
                    handle,
                    index,
                    state.as_mut_ptr(),
                    &raw mut number,
                    text.as_mut_ptr(),
                    length_of(&text),
                    &raw mut length,
                )
            };
            if !is_done(done) {
                break;
            }
            messages.push(Message {
                state: text_of(&state, 5),
                number,
                text: text_of(&text, length),
            });
        }
        messages
    }
}

impl Connection<'_> {
    /// Asks for one row.
    ///
    /// # Errors
    /// What the manager and the driver say.
    pub(super) fn query(&self, text: &str) -> Result<(), Vec<Message>> {
        let statement = self.manager.new_handle(STATEMENT, self.handle);
        let statement = statement.ok_or_else(Vec::new)?;
        let wide: Vec<u16> = text.encode_utf16().collect();
        let length = i32::try_from(wide.len()).map_err(|_| Vec::new())?;
        #[allow(unsafe_code, reason = "functions of C")]
        // SAFETY: the statement is there, and the text is as long as is said.
        let done = unsafe {
            is_done((self.manager.execute)(statement, wide.as_ptr(), length))
                && is_done((self.manager.fetch)(statement))
        };
        match done {
            true => Ok(()),
            false => Err(self.manager.messages(STATEMENT, statement)),
        }
    }
}

/// `SQL_SUCCESS`, or `SQL_SUCCESS_WITH_INFO`.
const fn is_done(code: i16) -> bool {
    matches!(code, 0 | 1)
}

fn length_of(buffer: &[u16]) -> i16 {
    i16::try_from(buffer.len()).unwrap_or(i16::MAX)
}

/// A text may have been longer than its place.
fn text_of(buffer: &[u16], length: i16) -> String {
    let length = usize::try_from(length).unwrap_or(0).min(buffer.len());
    let text = &buffer[..length];
    let ends = text.iter().position(|&unit| unit == 0);
    String::from_utf16_lossy(&text[..ends.unwrap_or(length)])
}
