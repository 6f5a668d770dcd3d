// An enamel mug of coffee on a garden table in the morning. View 1: landscape; 2: portrait, closer, from above; 3: the mug alone, for a cut-out with alpha.
#version 3.7;
#ifndef (View) #declare View = 1; #end
#declare Seed = 11;
#include "common.inc"
#include "mug.inc"
global_settings { assumed_gamma 1.0 max_trace_level 8 }

// out-of-focus garden behind: soft greens with discs of light between leaves
#macro Garden()
  pigment { bozo turbulence .25 octaves 2 color_map { [0 rgb <.030, .060, .018>] [.35 rgb <.075, .14, .035>] [.6 rgb <.18, .27, .075>] [.82 rgb <.42, .50, .20>] [1 rgb <.85, .86, .62>] } scale <.34, .40, .34> }
#end
#if (View = 3)
  light_source { <-.5, .9, -.8> rgb 1.05 area_light <.5, 0, 0>, <0, .5, 0>, 6, 6 adaptive 2 jitter }
  light_source { <.9, .7, -.6> rgb .42 area_light <.5, 0, 0>, <0, .5, 0>, 5, 5 adaptive 1 jitter }
  light_source { <.2, 1.2, .7> rgb .35 }
  // what the enamel mirrors: two soft boxes
  box { <-1.2, .1, -.9>, <-1.19, 1.1, .3> pigment { rgb 1 } finish { emission 1.1 diffuse 0 } no_image no_shadow }
  box { <1.3, .1, -.7>, <1.31, .9, -.1> pigment { rgb 1 } finish { emission .7 diffuse 0 } no_image no_shadow }
#else
  sky_sphere { pigment { rgb <.75, .80, .86> } }
  light_source { <-3.2, 2.6, 1.3> rgb <1.0, .90, .72> * 1.55 area_light <.55, 0, 0>, <0, .55, 0>, 7, 7 adaptive 2 jitter orient circular }
  light_source { <.5, 3, -1.5> rgb <.62, .74, .95> * .42 area_light <3, 0, 0>, <0, 0, 3>, 6, 6 adaptive 1 jitter }
  plane { z, 3.2 Garden() finish { emission .95 diffuse 0 } translate <.3, 0, 0> }
  #for (I, 1, 46)
    disc { 0, z, 1 pigment { cylindrical rotate x * 90 color_map { [0 rgbt 1] [.03 rgbt <1, 1, 1, .62>] [.12 rgbt <1, 1, 1, .78>] [1 rgbt <1, 1, 1, .84>] } } finish { emission rgb <.95, 1, .66> * R(.3, 1.25) diffuse 0 }
      scale R(.04, .105) translate <R(-1.6, 1.6), R(-.05, 1.25), 3.1 - .01 * I> no_shadow }
  #end
  // leaf shade on the table
  #for (I, 1, 44) sphere { 0, 1 scale <R(.02, .06), .002, R(.015, .04)> rotate <R(-30, 30), R(0, 360), R(-30, 30)> translate <-1.15, .95, .47> + <R(-.45, .45), R(-.28, .28), R(-.4, .4)> pigment { rgb <.1, .2, .05> } no_image no_reflection } #end
#end
object { Mug(<.86, .82, .71>, <.035, .06, .16>, .86) rotate y * 38 }

#if (View != 3)
  #for (I, -4, 5) object { Plank(2.4, .142, .03, <.46, .325, .21>, <.27, .170, .10>, 1) translate <R(-.2, .2), R(-.0008, .0008) - .0005, I * .1455 + .02> } #end
  box { <-2, -.05, -1>, <2, -.031, 1> pigment { rgb .01 } }
  // linen napkin
  #local NF = function { pattern { bozo turbulence .3 scale .22 } }
  height_field { function 300, 300 { .02 + .80 * pow(NF(x, y, .3), 2.2) * min(1, 9 * min(min(x, 1 - x), min(y, 1 - y)) + .25) } smooth translate <-.5, 0, -.5> scale <.21, .020, .17> rotate y * 24 translate <.145, -.0006, .045>
    texture { pigment { checker rgb <.70, .66, .58>, rgb <.60, .56, .48> scale .0011 rotate y * 24 } normal { quilted .5 scale .0016 rotate y * 24 } finish { diffuse .8 } }
    texture { pigment { gradient x color_map { [0 rgbt <.10, .16, .30, .25>] [.06 rgbt <.10, .16, .30, .25>] [.065 rgbt 1] [.10 rgbt 1] [.105 rgbt <.10, .16, .30, .35>] [.12 rgbt <.10, .16, .30, .35>] [.125 rgbt 1] [1 rgbt 1] } scale .23 rotate y * 24 translate <.045, 0, .0> } finish { diffuse .8 } } }
  // coffee beans
  #macro Bean()
    difference { sphere { 0, 1 scale <.0058, .0034, .0042> } 
      sphere_sweep { cubic_spline 5, <-.009, .0040, 0>, .0007, <-.0055, .0034, .0003>, .0007, <0, .0034, -.0005>, .0009, <.0055, .0034, .0003>, .0007, <.009, .004, 0>, .0007 }
      pigment { bozo color_map { [0 rgb <.10, .042, .018>] [1 rgb <.17, .075, .032>] } scale .004 } normal { bumps .12 scale .002 } finish { diffuse .75 specular .35 roughness .03 } }
  #end
  #for (I, 1, 30)
    #local A = R(-.6, 1.6); #local D = .02 + .10 * pow(R(0, 1), 1.3);
    object { Bean() rotate <R(-25, 25) + 180 * (rand(RS) < .35), R(0, 360), R(-12, 12)> translate <-.125 + D * cos(A) * .8, .0032, -.085 + D * sin(A) * .55> }
  #end
  // a spoon
  union {
    sphere { 0, 1 scale <.021, .0045, .0145> clipped_by { plane { y, .0005 } } translate <0, .0048, 0> }
    sphere_sweep { cubic_spline 6, <.012, .003, 0>, .002, <.019, .0045, 0>, .0022, <.042, .0085, 0>, .0018, <.085, .0075, 0>, .0020, <.125, .0042, 0>, .0030, <.135, .003, 0>, .003 scale <1, .7, 1.25> }
    pigment { rgb <.72, .71, .69> } finish { diffuse .25 specular .8 roughness .01 metallic reflection { .55 metallic } }
    rotate y * 208 translate <.045, 0, -.090> }
#end
#switch (View)
  #case (1) camera { location <-.105, .205, -.47> right x * 4/3 up y look_at <.012, .040, 0> angle 37 } #break
  #case (2) camera { location <.16, .27, -.34> right x * 3/4 up y look_at <.0, .035, -.005> angle 31 } #break
  #case (3) camera { location <-.06, .17, -.55> right x up y look_at <.010, .040, 0> angle 15.5 } #break
#end
