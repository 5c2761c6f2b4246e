//! The pictures of a document: read once, as large as the template says. Refuses all but PNG and JPEG, and what would not fit into memory.
//! Whether a picture is whole is seen when it is drawn.
use super::paper::Picture;
use crate::{Files, PrintError, limits};
use std::cell::RefCell;

#[derive(Default)]
pub struct Pictures(RefCell<Vec<Picture>>);

impl Pictures {
    /// Its index, width and height; one side is given, the other follows from the picture.
    pub fn placed(
        &self,
        files: &Files,
        file: &str,
        width: Option<f32>,
        height: Option<f32>,
    ) -> Result<(usize, f32, f32), PrintError> {
        let known = self.0.borrow().iter().position(|picture| picture.file == file);
        let index = if let Some(index) = known {
            index
        } else {
            let read = read(files, file)?;
            let mut all = self.0.borrow_mut();
            all.push(read);
            all.len() - 1
        };
        let (across, down) = self.0.borrow()[index].dots;
        let side = |dots: u32| f32::from(u16::try_from(dots).unwrap_or(u16::MAX));
        let ratio = side(across) / side(down);
        let (width, height) = match (width, height) {
            (Some(width), _) => (width, width / ratio),
            (None, Some(height)) => (height * ratio, height),
            (None, None) => (side(across), side(down)),
        };
        Ok((index, width, height))
    }
    pub fn into_all(self) -> Vec<Picture> {
        self.0.into_inner()
    }
}

fn read(files: &Files, file: &str) -> Result<Picture, PrintError> {
    let wrong = |cause: &str| PrintError::File { name: file.to_owned(), cause: cause.to_owned() };
    let bytes = files.read(file, limits::PICTURE_BYTES)?;
    let png = bytes.starts_with(b"\x89PNG");
    if !png && !bytes.starts_with(&[0xFF, 0xD8]) {
        return Err(wrong("is neither PNG nor JPEG"));
    }
    let decoded = crate::draw::image(&bytes, png).map_err(|cause| wrong(&format!("cannot be decoded: {cause}")))?;
    let dots = decoded.size();
    if dots.0 == 0 || dots.1 == 0 {
        return Err(wrong("is empty"));
    }
    if u64::from(dots.0) * u64::from(dots.1) > limits::PICTURE_DOTS {
        return Err(wrong("has too many dots"));
    }
    Ok(Picture { file: file.to_owned(), bytes, png, dots })
}
