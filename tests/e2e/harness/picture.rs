//! Pictures of a page: made small enough to be kept, and compared with a tolerance.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use image::RgbImage;
use image_compare::{Algorithm, rgb_similarity_structure};
use png::{BitDepth, ColorType, Compression, Filter, Transformations};

/// Colours that a picture is kept with, so that a pixel takes four bits.
const COLOURS: usize = 14;

/// Pictures are compared tile by tile, so that a small change is not lost in a large page. In pixels.
const TILE: u32 = 16;

/// How far a tile's pixels may be from those that they should be: the mean square of a channel's distance, as a root, of 1.
/// Letters that another version of the browser smooths otherwise stay below; one that is moved by a pixel, an edge that is
/// gone, and a surface in another colour do not.
const TOLERANCE: f64 = 0.06;

/// Red, green and blue.
type Colour = [u8; 3];

/// A picture.
#[derive(Clone, PartialEq)]
pub(crate) struct Picture(RgbImage);

/// How two pictures differ.
pub(crate) struct Difference {
    /// In words.
    pub(crate) words: String,
    /// The distances of all pixels, if the sizes are the same.
    pub(crate) picture: Option<Picture>,
}

impl Picture {
    /// A screenshot, in the colours that it would be kept with.
    pub(crate) fn of_screenshot(png: &[u8]) -> Result<Self> {
        Ok(in_few_colours(Self::decode(png)?))
    }

    /// One that was kept.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let png = std::fs::read(path).with_context(|| format!("no {}", path.display()))?;
        Self::decode(&png)
    }

    fn decode(png: &[u8]) -> Result<Self> {
        let mut decoder = png::Decoder::new(Cursor::new(png));
        decoder.set_transformations(Transformations::EXPAND);
        let mut reader = decoder.read_info()?;
        let mut bytes = vec![0; reader.output_buffer_size().context("too large")?];
        let told = reader.next_frame(&mut bytes)?;
        if told.color_type == ColorType::Rgba {
            bytes = bytes
                .chunks_exact(4)
                .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]])
                .collect();
        }
        let picture = RgbImage::from_raw(told.width, told.height, bytes);
        Ok(Self(picture.context("not in red, green and blue")?))
    }

    /// Keeps it: with its palette, as small as PNG can be.
    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        let palette: Vec<Colour> = frequencies(self).into_keys().collect();
        ensure!(palette.len() <= COLOURS, "{} colours", palette.len());
        let (width, height) = self.0.dimensions();
        let mut packed = Vec::new();
        for row in self.0.as_raw().chunks_exact(3 * width as usize) {
            let places = row.chunks_exact(3).map(|pixel| {
                let place = palette.iter().position(|colour| colour == pixel);
                place.map_or(0, |place| u8::try_from(place).unwrap_or(0))
            });
            let places: Vec<u8> = places.collect();
            packed.extend(
                places
                    .chunks(2)
                    .map(|pair| pair[0] << 4 | pair.get(1).unwrap_or(&0)),
            );
        }
        let mut encoder = png::Encoder::new(std::fs::File::create(path)?, width, height);
        encoder.set_color(ColorType::Indexed);
        encoder.set_depth(BitDepth::Four);
        encoder.set_palette(palette.concat());
        encoder.set_compression(Compression::High);
        encoder.set_filter(Filter::NoFilter);
        Ok(encoder.write_header()?.write_image_data(&packed)?)
    }

    /// How this one differs from what it should be; nothing within the tolerance.
    pub(crate) fn difference(&self, expected: &Self) -> Result<Option<Difference>> {
        if self == expected {
            return Ok(None);
        }
        let (width, height) = self.0.dimensions();
        if expected.0.dimensions() != (width, height) {
            let (wide, high) = expected.0.dimensions();
            return Ok(Some(Difference {
                words: format!("{width}×{height} pixels instead of {wide}×{high}"),
                picture: None,
            }));
        }
        let algorithm = Algorithm::RootMeanSquared;
        let mut worst = (0.0, 0, 0);
        for top in (0..height).step_by(TILE as usize) {
            for left in (0..width).step_by(TILE as usize) {
                let (here, there) = (self.tile(left, top), expected.tile(left, top));
                if here != there {
                    let distance = 1.0 - rgb_similarity_structure(&algorithm, &here, &there)?.score;
                    if distance > worst.0 {
                        worst = (distance, left, top);
                    }
                }
            }
        }
        let (distance, left, top) = worst;
        if distance <= TOLERANCE {
            return Ok(None);
        }
        let all = rgb_similarity_structure(&algorithm, &self.0, &expected.0)?;
        Ok(Some(Difference {
            words: format!(
                "the distance is {distance:.3} at {left}, {top}; {TOLERANCE} is tolerated"
            ),
            picture: Some(in_few_colours(Self(all.image.to_color_map().into_rgb8()))),
        }))
    }

    /// What is there of one.
    fn tile(&self, left: u32, top: u32) -> RgbImage {
        let (width, height) = self.0.dimensions();
        let (wide, high) = (TILE.min(width - left), TILE.min(height - top));
        let rows = (top..top + high).flat_map(|row| {
            let begin = 3 * (row * width + left) as usize;
            &self.0.as_raw()[begin..begin + 3 * wide as usize]
        });
        RgbImage::from_raw(wide, high, rows.copied().collect()).unwrap_or_default()
    }
}

/// The colours that matter stay as they are, those of surfaces and of letters; each other one becomes the nearest of those.
fn in_few_colours(mut picture: Picture) -> Picture {
    let all = frequencies(&picture);
    let mut kept: Vec<Colour> = Vec::new();
    let to_nearest = |kept: &[Colour], colour| {
        let distances = kept.iter().map(|each| distance(each, colour));
        distances.min().unwrap_or(u32::MAX)
    };
    // Next is always the one that most pixels would be furthest from.
    while let Some((colour, _)) = all
        .iter()
        .max_by_key(|(colour, count)| u64::from(to_nearest(&kept, colour)) * *count)
        .filter(|(colour, _)| kept.len() < COLOURS && to_nearest(&kept, colour) > 0)
    {
        kept.push(*colour);
    }
    let nearest = all.keys().filter_map(|colour| {
        let nearest = kept.iter().min_by_key(|each| distance(each, colour))?;
        (nearest != colour).then_some((*colour, *nearest))
    });
    let nearest: BTreeMap<Colour, Colour> = nearest.collect();
    // Most pixels are like the one before.
    let mut before: (Colour, Option<&Colour>) = ([0; 3], nearest.get(&[0; 3]));
    for pixel in picture.0.chunks_exact_mut(3) {
        if pixel != before.0 {
            let colour = [pixel[0], pixel[1], pixel[2]];
            before = (colour, nearest.get(&colour));
        }
        if let Some(colour) = before.1 {
            pixel.copy_from_slice(colour);
        }
    }
    picture
}

fn distance(one: &Colour, other: &Colour) -> u32 {
    let channels = one.iter().zip(other);
    channels
        .map(|(one, other)| u32::from(one.abs_diff(*other)).pow(2))
        .sum()
}

/// How many pixels have each of its colours.
fn frequencies(picture: &Picture) -> BTreeMap<Colour, u64> {
    let mut frequency: BTreeMap<Colour, u64> = BTreeMap::new();
    let (mut before, mut count) = ([0; 3], 0);
    for pixel in picture.0.as_raw().chunks_exact(3) {
        if pixel != before {
            *frequency.entry(before).or_default() += count;
            (before, count) = ([pixel[0], pixel[1], pixel[2]], 0);
        }
        count += 1;
    }
    *frequency.entry(before).or_default() += count;
    frequency.retain(|_, count| *count > 0);
    frequency
}

#[test]
fn what_a_person_sees_is_a_difference_and_what_nobody_sees_is_none() -> Result<()> {
    use image::Rgb;
    let page = RgbImage::from_fn(100, 70, |x, y| match (x, y) {
        (20..60, 30) => Rgb([0x7b, 0x88, 0x94]),
        (70..80, 40..60) if (x + y) % 3 == 0 => Rgb([0, 0, 0]),
        _ => Rgb([255, 255, 255]),
    });
    let differs = |other: RgbImage| -> Result<bool> {
        Ok(Picture(other).difference(&Picture(page.clone()))?.is_some())
    };
    let drawn = |draw: &dyn Fn(u32, u32) -> Option<[u8; 3]>| {
        RgbImage::from_fn(100, 70, |x, y| {
            draw(x, y).map_or(*page.get_pixel(x, y), Rgb)
        })
    };
    assert!(!differs(page.clone())?);
    let darker = |x, y| {
        Some(
            page.get_pixel(x, y)
                .0
                .map(|channel| channel.saturating_sub(4)),
        )
    };
    assert!(!differs(drawn(&darker))?);
    let without_a_line = |_, y| (y == 30).then_some([255; 3]);
    assert!(differs(drawn(&without_a_line))?);
    let with_a_surface = |x, y| (x < 16 && y < 16).then_some([255, 230, 255]);
    assert!(differs(drawn(&with_a_surface))?);
    let moved = |x: u32, y| Some(page.get_pixel(x.saturating_sub(1), y).0);
    assert!(differs(drawn(&moved))?);
    assert!(differs(
        RgbImage::from_fn(100, 69, |x, y| *page.get_pixel(x, y))
    )?);
    Ok(())
}
